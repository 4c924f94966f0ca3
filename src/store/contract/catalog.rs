//! Projects, keys and people.

use super::{SHOP, at, project};
use crate::model::{Role, SecretHash, SignInLink, User, UserId, WebSession};
use crate::protocol::ids::PublicKey;
use crate::store::{CatalogChange, Error, Store};

pub(super) fn user(id: u64, email: &str, role: Role) -> User {
    let email = email.to_owned();
    User {
        id: UserId(id),
        name: email.clone(),
        email,
        password_hash: None,
        role,
        created: at(0),
    }
}

/// A project comes with a key, is renamed, and takes its keys with it when it goes.
pub(in crate::store) async fn a_project_lives_and_goes(store: &Store) {
    assert_eq!(store.catalog.next_id().await.unwrap(), 1);
    store.catalog.apply(vec![project(1, "shop")]).await.unwrap();
    assert_eq!(store.catalog.next_id().await.unwrap(), 2);
    let public = PublicKey::from_bytes([1; 16]);
    assert_eq!(store.catalog.key(public).await.unwrap().unwrap().project, SHOP);

    let mut shop = store.catalog.projects().await.unwrap().remove(0);
    shop.slug = "store".into();
    store
        .catalog
        .apply(vec![CatalogChange::UpdateProject(shop.clone())])
        .await
        .unwrap();
    assert_eq!(store.catalog.projects().await.unwrap(), [shop]);

    store
        .catalog
        .apply(vec![CatalogChange::DeleteProject(SHOP)])
        .await
        .unwrap();
    assert!(store.catalog.projects().await.unwrap().is_empty());
    assert!(store.catalog.key(public).await.unwrap().is_none());
    assert_eq!(
        store.catalog.next_id().await.unwrap(),
        2,
        "a number is never given twice"
    );
}

/// Two people take the same name at the same time: one gets it, and what came with the other's is not done either.
pub(in crate::store) async fn a_name_is_taken_once(store: &Store) {
    let (one, two) = (
        vec![project(1, "shop")],
        vec![project(2, "web"), project(3, "shop")],
    );
    let (one, two) = tokio::join!(store.catalog.apply(one), store.catalog.apply(two));
    let refused = [one, two]
        .into_iter()
        .filter(|answer| matches!(answer, Err(Error::Conflict(_))))
        .count();
    assert_eq!(refused, 1);
    let slugs: Vec<_> = store
        .catalog
        .projects()
        .await
        .unwrap()
        .into_iter()
        .map(|project| project.slug)
        .collect();
    assert!(slugs == ["shop"] || slugs == ["shop", "web"], "{slugs:?}");
}

/// An installation without an owner could not be managed by anybody.
pub(in crate::store) async fn the_last_owner_stays(store: &Store) {
    let owner = user(1, "o@example.org", Role::Owner);
    let create = [owner.clone(), user(2, "m@example.org", Role::Member)].map(CatalogChange::CreateUser);
    store.catalog.apply(create.to_vec()).await.unwrap();
    let demoted = User {
        role: Role::Admin,
        ..owner.clone()
    };
    for change in [
        CatalogChange::UpdateUser(demoted),
        CatalogChange::DeleteUser(owner.id),
    ] {
        assert!(matches!(
            store.catalog.apply(vec![change]).await,
            Err(Error::Conflict(_))
        ));
    }
    assert_eq!(store.catalog.users().await.unwrap()[0], owner);
}

/// Owners who were only invited cannot take over from the one who can sign in, until one of them chose a password.
pub(in crate::store) async fn the_last_owner_who_can_sign_in_stays(store: &Store) {
    let owner = User {
        password_hash: Some("kept".to_owned()),
        ..user(1, "o@example.org", Role::Owner)
    };
    let invited = [2, 3].map(|id| user(id, &format!("{id}@example.org"), Role::Owner));
    let mut create = vec![CatalogChange::CreateUser(owner.clone())];
    create.extend(invited.clone().map(CatalogChange::CreateUser));
    store.catalog.apply(create).await.unwrap();
    let demoted = User {
        role: Role::Member,
        ..owner.clone()
    };
    let leave = [
        CatalogChange::UpdateUser(demoted),
        CatalogChange::DeleteUser(owner.id),
    ];
    for change in &leave {
        assert!(matches!(
            store.catalog.apply(vec![change.clone()]).await,
            Err(Error::Conflict(_))
        ));
    }
    assert_eq!(store.catalog.users().await.unwrap()[0], owner);

    let forgetful = User {
        password_hash: None,
        ..owner.clone()
    };
    let settled = User {
        password_hash: Some("kept".to_owned()),
        ..invited[0].clone()
    };
    for change in [
        CatalogChange::DeleteUser(UserId(3)),
        CatalogChange::UpdateUser(forgetful),
        CatalogChange::UpdateUser(owner),
        CatalogChange::UpdateUser(settled),
    ] {
        store.catalog.apply(vec![change]).await.unwrap();
    }
    store.catalog.apply(leave[1..].to_vec()).await.unwrap();
}

/// While nobody has a password, any owner is as good as another.
pub(in crate::store) async fn owners_without_a_password_replace_each_other(store: &Store) {
    let owners = [1, 2].map(|id| user(id, &format!("{id}@example.org"), Role::Owner));
    store
        .catalog
        .apply(owners.map(CatalogChange::CreateUser).to_vec())
        .await
        .unwrap();
    let leave = |id| store.catalog.apply(vec![CatalogChange::DeleteUser(UserId(id))]);
    leave(1).await.unwrap();
    assert!(matches!(leave(2).await, Err(Error::Conflict(_))));
}

/// A link is used by whoever deletes it first.
pub(in crate::store) async fn a_link_is_used_once(store: &Store) {
    let person = user(1, "o@example.org", Role::Owner);
    let link = SignInLink {
        hash: SecretHash([7; 32]),
        user: person.id,
        expires: at(60),
    };
    store
        .catalog
        .apply(vec![
            CatalogChange::CreateUser(person),
            CatalogChange::CreateLink(link.clone()),
        ])
        .await
        .unwrap();
    assert_eq!(store.catalog.link(link.hash).await.unwrap(), Some(link.clone()));
    let take = || store.catalog.apply(vec![CatalogChange::DeleteLink(link.hash)]);
    let (one, two) = tokio::join!(take(), take());
    assert!(one.is_ok() != two.is_ok());
}

/// Who leaves cannot come back with an old cookie.
pub(in crate::store) async fn a_person_takes_their_sessions_along(store: &Store) {
    let people = [
        user(1, "o@example.org", Role::Owner),
        user(2, "m@example.org", Role::Member),
    ];
    let session = WebSession {
        hash: SecretHash([9; 32]),
        user: UserId(2),
        csrf_token: "t".into(),
        expires: at(60),
    };
    let mut changes: Vec<_> = people.map(CatalogChange::CreateUser).into();
    changes.push(CatalogChange::CreateSession(session.clone()));
    store.catalog.apply(changes).await.unwrap();
    assert_eq!(
        store.catalog.session(session.hash).await.unwrap(),
        Some(session.clone())
    );
    store
        .catalog
        .apply(vec![CatalogChange::DeleteUser(UserId(2))])
        .await
        .unwrap();
    assert_eq!(store.catalog.session(session.hash).await.unwrap(), None);
}

/// A sign-out everywhere spares others, and what has ended is cleared away.
pub(in crate::store) async fn sessions_end(store: &Store) {
    let session = |n: u8, user: u64, second: i64| WebSession {
        hash: SecretHash([n; 32]),
        user: UserId(user),
        csrf_token: "t".into(),
        expires: at(second),
    };
    let sessions = [
        session(1, 1, 60),
        session(2, 1, 90),
        session(3, 2, 60),
        session(4, 2, 90),
    ];
    let begin = sessions
        .iter()
        .cloned()
        .map(CatalogChange::CreateSession)
        .collect();
    store.catalog.apply(begin).await.unwrap();
    let left = async || {
        let mut left = Vec::new();
        for session in &sessions {
            left.extend(
                store
                    .catalog
                    .session(session.hash)
                    .await
                    .unwrap()
                    .map(|it| it.hash.0[0]),
            );
        }
        left
    };
    store
        .catalog
        .apply(vec![CatalogChange::SignOut(UserId(1))])
        .await
        .unwrap();
    assert_eq!(left().await, [3, 4]);
    store
        .catalog
        .apply(vec![CatalogChange::ForgetEnded(at(60))])
        .await
        .unwrap();
    assert_eq!(left().await, [4]);
}

//! Messages on their way to real servers: what becomes of them, whatever these do.

mod letters;
mod office;
mod receiver;

use jiff::SignedDuration;

use crate::model::alert::{Delivery, DeliveryId, DeliveryState, DestinationId, Recipient};
use crate::store::CatalogChange;
use office::Office;
use receiver::{Receiver, Reply};

const TAKEN: Reply = Reply::Status(200, "");

fn waits(delivery: &Delivery) -> bool {
    matches!(delivery.state, DeliveryState::Waiting { .. })
}

/// When it is tried again.
fn next(delivery: &Delivery) -> jiff::Timestamp {
    match delivery.state {
        DeliveryState::Waiting { next } => next,
        state => panic!("{state:?}"),
    }
}

#[tokio::test]
async fn a_message_arrives_and_its_answer_is_kept() {
    let mut office = Office::open().await;
    let mut receiver = Receiver::start(&[TAKEN]).await;
    let to = office.place(1, receiver.channel()).await;
    let id = office.post(&[&to]).await;
    let received = receiver.next().await;
    assert_eq!(received.delivery, id.0.to_string());
    assert_eq!(received.body["title"], "[Shop] New: TeaError: no tea");
    assert_eq!(
        received.body["causes"][0]["issue"]["url"],
        "https://errors.example.com/issues/112"
    );
    let kept = office.once(id, |it| it.state == DeliveryState::Delivered).await;
    assert_eq!(
        (
            kept.tries,
            kept.attempts[0].status,
            kept.attempts[0].answer.as_str()
        ),
        (1, Some(200), "said")
    );
    office.close().await;
    assert_eq!(receiver.waiting(), 0);
}

#[tokio::test]
async fn what_is_not_taken_is_tried_again_when_it_was_asked_for() {
    const REPLIES: &[Reply] = &[
        Reply::Status(500, ""),
        Reply::HangUp,
        Reply::Status(429, "Retry-After: 600\r\n"),
        TAKEN,
    ];
    let mut office = Office::open().await;
    let mut receiver = Receiver::start(REPLIES).await;
    let to = office.place(1, receiver.channel()).await;
    let id = office.post(&[&to]).await;
    for (tries, status, least, most) in [(1, Some(500), 3, 7), (2, None, 7, 13), (3, Some(429), 600, 600)] {
        let tried = office.once(id, |it| it.tries == tries).await;
        assert_eq!(tried.attempts.last().unwrap().status, status);
        let pause = next(&tried).duration_since(office.now());
        let within = SignedDuration::from_secs(least)..=SignedDuration::from_secs(most);
        assert!(within.contains(&pause), "{tries}: {pause:?}");
        office.set(next(&tried));
    }
    office.once(id, |it| it.state == DeliveryState::Delivered).await;
    let keys = [
        receiver.next().await,
        receiver.next().await,
        receiver.next().await,
        receiver.next().await,
    ];
    assert!(keys.iter().all(|received| received.delivery == id.0.to_string()));
    office.close().await;
}

#[tokio::test]
async fn what_is_in_vain_is_given_up_and_says_why() {
    let mut office = Office::open().await;
    let refused = Receiver::start(&[Reply::Status(404, "")]).await;
    let redirected = Receiver::start(&[Reply::Status(302, "Location: http://10.0.0.1/\r\n")]).await;
    let webhook = |url: &str| crate::model::alert::Channel::Webhook {
        url: url.to_owned(),
        secret: "s".to_owned(),
    };
    let to = [
        office.place(1, refused.channel()).await,
        office.place(2, redirected.channel()).await,
        office.place(3, webhook("http://10.0.0.1/")).await,
        office.place(4, webhook("http://[::1]/")).await,
        office.place(5, webhook("nowhere")).await,
    ];
    let first = office.post(&to.each_ref()).await;
    for (at, said) in [
        "said",
        "leads on to another address",
        "a private address",
        "a loopback",
        "begins with http",
    ]
    .into_iter()
    .enumerate()
    {
        let dead = office
            .once(DeliveryId(first.0 + at as u64), |it| {
                it.state == DeliveryState::Dead
            })
            .await;
        assert!(
            dead.attempts[0].answer.contains(said),
            "{}",
            dead.attempts[0].answer
        );
    }
    office.close().await;
}

#[tokio::test]
async fn a_slow_place_delays_no_other_not_even_with_much_to_tell_it() {
    let mut office = Office::open().await;
    let mut slow = Receiver::start(&[Reply::Silence]).await;
    let mut quick = Receiver::start(&[TAKEN]).await;
    let (waiting, other) = (
        office.place(1, slow.channel()).await,
        office.place(2, quick.channel()).await,
    );
    office.post(&[&waiting; 100]).await;
    slow.next().await;
    for _ in 0..3 {
        let id = office.post(&[&other]).await;
        quick.next().await;
        office.once(id, |it| it.state == DeliveryState::Delivered).await;
    }
    // One at a time.
    assert_eq!(slow.waiting(), 0);
    drop(slow);
    office.close().await;
}

#[tokio::test]
async fn forty_places_that_hang_hold_up_nobody_else() {
    const HANGS: &[Reply] = &[Reply::Status(503, ""), Reply::Silence];
    let mut office = Office::open().await;
    let (mut hanging, mut places) = (Vec::new(), Vec::new());
    for id in 1..=40 {
        let receiver = Receiver::start(HANGS).await;
        places.push(office.place(id, receiver.channel()).await);
        hanging.push(receiver);
    }
    let first = office.post(&places.iter().collect::<Vec<_>>()).await;
    for id in first.0..first.0 + 40 {
        office.once(DeliveryId(id), |it| it.tries == 1).await;
    }
    // From here on as many as are let through take a try each, and give none back.
    office.post(&places.iter().collect::<Vec<_>>()).await;
    office.pass(10);
    let mut well = Receiver::start(&[TAKEN]).await;
    let to = office.place(41, well.channel()).await;
    for _ in 0..3 {
        office.post(&[&to]).await;
        well.next().await;
    }
    let hung: usize = hanging.iter().map(|it| it.waiting() - 1).sum();
    assert!(hung <= 4, "{hung}");
    drop(hanging);
    office.close().await;
}

#[tokio::test]
async fn a_place_that_was_down_for_an_hour_is_told_once() {
    // As many tries as an hour has, and then it is back.
    const REPLIES: &[Reply] = &[
        Reply::HangUp,
        Reply::HangUp,
        Reply::HangUp,
        Reply::HangUp,
        Reply::HangUp,
        Reply::HangUp,
        Reply::HangUp,
        Reply::HangUp,
        Reply::HangUp,
        TAKEN,
    ];
    let mut office = Office::open().await;
    let mut receiver = Receiver::start(REPLIES).await;
    let to = office.place(1, receiver.channel()).await;
    let (id, begin) = (office.post(&[&to]).await, office.now());
    for tries in 1..10 {
        let tried = office.once(id, |it| it.tries == tries).await;
        office.set(next(&tried).max(office.now() + SignedDuration::from_secs(30)));
    }
    let kept = office.once(id, |it| it.state == DeliveryState::Delivered).await;
    let down = office.now().duration_since(begin).as_mins();
    assert!((30..90).contains(&down), "{down}");
    assert_eq!((kept.tries, kept.attempts.len()), (10, Delivery::MAX_ATTEMPTS));
    for _ in 0..10 {
        receiver.next().await;
    }
    office.pass(86_400);
    let another = office.post(&[&to]).await;
    assert_eq!(receiver.next().await.delivery, another.0.to_string());
    office.close().await;
}

#[tokio::test]
async fn a_place_that_fails_often_gets_a_probe_now_and_then() {
    let mut office = Office::open().await;
    let receiver = Receiver::start(&[Reply::Status(503, "")]).await;
    let to = office.place(1, receiver.channel()).await;
    let first = office.post(&[&to; 8]).await;
    office.once(DeliveryId(first.0 + 4), |it| it.tries == 1).await;
    // A message for somebody else has the loop look again: nothing more goes to the one that is down.
    let mut other = Receiver::start(&[TAKEN]).await;
    let elsewhere = office.place(2, other.channel()).await;
    office.post(&[&elsewhere]).await;
    other.next().await;
    assert_eq!(receiver.waiting(), 5);
    office.pass(31);
    let probed = office
        .once(first, |it| it.tries == 2 || receiver.waiting() > 5)
        .await;
    assert!(waits(&probed));
    office.close().await;
    assert_eq!(receiver.waiting(), 6);
}

#[tokio::test]
async fn what_waited_a_day_for_a_place_that_is_not_there_is_given_up() {
    let mut office = Office::open().await;
    let receiver = Receiver::start(&[Reply::Status(503, "")]).await;
    let to = office.place(1, receiver.channel()).await;
    let first = office.post(&[&to; 8]).await;
    office.once(DeliveryId(first.0 + 4), |it| it.tries == 1).await;
    office.pass(86_400 + 60);
    let last = DeliveryId(first.0 + 7);
    let given_up = office.once(last, |it| it.state == DeliveryState::Dead).await;
    assert_eq!(
        given_up.attempts[0].answer,
        "not sent: nobody was there for a day"
    );
    office.close().await;
    assert_eq!(receiver.waiting(), 6);
}

#[tokio::test]
async fn what_was_put_into_the_outbox_is_told_after_a_crash() {
    let mut office = Office::closed().await;
    let mut receiver = Receiver::start(&[TAKEN]).await;
    let to = office.place(1, receiver.channel()).await;
    let id = office.post(&[&to]).await;
    let mut office = office.crash().await;
    office.work();
    assert_eq!(receiver.next().await.delivery, id.0.to_string());
    office.once(id, |it| it.state == DeliveryState::Delivered).await;
    office.close().await;
}

#[tokio::test]
async fn a_crash_before_the_answer_tells_again_under_the_same_key() {
    let mut office = Office::open().await;
    let mut receiver = Receiver::start(&[Reply::Silence, TAKEN]).await;
    let to = office.place(1, receiver.channel()).await;
    let id = office.post(&[&to]).await;
    let before = receiver.next().await;
    let mut office = office.crash().await;
    office.work();
    let after = receiver.next().await;
    assert_eq!((before.delivery, before.body), (after.delivery, after.body));
    office.once(id, |it| it.state == DeliveryState::Delivered).await;
    office.close().await;
    assert_eq!(receiver.waiting(), 0);
}

#[tokio::test]
async fn what_is_for_nobody_any_more_is_dropped() {
    let mut office = Office::closed().await;
    let receiver = Receiver::start(&[TAKEN]).await;
    let to = office.place(1, receiver.channel()).await;
    let id = office
        .post(&[&to, &Recipient::Destination(DestinationId(9))])
        .await;
    office
        .apply(CatalogChange::DeleteDestination(DestinationId(1)))
        .await;
    office.work();
    for id in [id, DeliveryId(id.0 + 1)] {
        office.once(id, |it| it.state == DeliveryState::Dropped).await;
    }
    office.close().await;
    assert_eq!(receiver.waiting(), 0);
}

#[tokio::test]
async fn what_was_given_up_can_be_sent_again() {
    let mut office = Office::open().await;
    let mut receiver = Receiver::start(&[Reply::Status(400, ""), TAKEN]).await;
    let to = office.place(1, receiver.channel()).await;
    let id = office.post(&[&to]).await;
    office.once(id, |it| it.state == DeliveryState::Dead).await;
    office.pass(3 * 86_400);
    let given_up = office.store.outbox.delivery(id).await.unwrap().unwrap();
    let again = crate::store::Tried {
        delivery: id,
        created: given_up.created,
        attempt: None,
        state: DeliveryState::Waiting { next: office.now() },
    };
    office.store.outbox.tried(vec![again]).await.unwrap();
    office.once(id, |it| it.state == DeliveryState::Delivered).await;
    assert_eq!(receiver.next().await.delivery, receiver.next().await.delivery);
    office.close().await;
}

//! Attachments' bytes.

use bytes::Bytes;

use crate::model::BlobId;
use crate::store::Store;

/// A blob is what it was, under one name.
pub(in crate::store) async fn bytes_come_back_as_they_were(store: &Store) {
    let bytes = Bytes::from_static(b"\0log\nline");
    let id = store.blobs.put(bytes.clone()).await.unwrap();
    assert_eq!(store.blobs.put(bytes.clone()).await.unwrap(), id);
    assert_eq!(store.blobs.get(id).await.unwrap(), Some(bytes));
    assert_eq!(
        store.blobs.put(Bytes::new()).await.unwrap().to_string()[..8],
        *"e3b0c442"
    );
    assert_eq!(store.blobs.get(BlobId([1; 32])).await.unwrap(), None);
}

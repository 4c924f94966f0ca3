//! The services that extractors themselves need. Handlers take theirs as `web::Data`.

use actix_web::{HttpRequest, web};

use crate::http::error::ApiError;

/// The service of type `T` that the application was given.
pub(super) fn service<T: ?Sized + 'static>(request: &HttpRequest) -> Result<web::Data<T>, ApiError> {
    let missing = || ApiError::internal(anyhow::anyhow!("there is no {}", std::any::type_name::<T>()));
    request.app_data::<web::Data<T>>().cloned().ok_or_else(missing)
}

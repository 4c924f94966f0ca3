//! The time of a request. The one place of this room that asks a clock, and tests may bring their own.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use jiff::Timestamp;

use crate::http::error::ApiError;

/// Where the time comes from.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// A clock that asks `now`.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

/// When the request is handled.
#[derive(Debug, Clone, Copy)]
pub struct Now(pub Timestamp);

impl Now {
    /// Asks the clock now: an argument of a handler is from before the body was read. Fails with 500 without a clock.
    pub fn ask(request: &HttpRequest) -> Result<Self, ApiError> {
        let clock = request.app_data::<web::Data<Clock>>();
        match clock {
            Some(clock) => Ok(Self(clock.now())),
            None => Err(ApiError::internal(anyhow::anyhow!(
                "the server was started without a clock"
            ))),
        }
    }
}

impl FromRequest for Now {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::ask(request))
    }
}

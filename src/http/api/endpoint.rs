//! One row of the table of URLs: what is documented about it, and who handles it.
//!
//! A row both registers and documents its URL, so that the two cannot drift apart. It knows no URL itself.

use actix_web::http::{Method, StatusCode};
use actix_web::{FromRequest, Handler, Responder, Route, web};
use utoipa::openapi::header::Header;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, ResponseBuilder};
use utoipa::{IntoParams, ToSchema};

use super::ask::Paging;
use super::shape::Problem;

const JSON: &str = "application/json";
/// The most bytes of a large body: ten thousand commits.
const MUCH: usize = 20 * 1024 * 1024;

/// A URL below `/api/0`, a method, and all that a client needs to know about them.
pub(super) struct Endpoint {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) route: Route,
    pub(super) operation: OperationBuilder,
    pub(super) schemas: Vec<(String, RefOr<Schema>)>,
    /// The most bytes of a body, where it may be more than usual.
    pub(super) most_bytes: Option<usize>,
}

impl Endpoint {
    /// A row that documents no answer yet.
    pub(super) fn new<F: Handler<A>, A: FromRequest + 'static>(
        method: Method,
        path: String,
        handler: F,
    ) -> Self
    where
        F::Output: Responder + 'static,
    {
        let mut operation = OperationBuilder::new();
        for name in path
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name)
        {
            operation = operation.parameter(
                ParameterBuilder::new()
                    .name(name)
                    .parameter_in(ParameterIn::Path)
                    .required(Required::True)
                    .schema(Some(ObjectBuilder::new().schema_type(Type::String))),
            );
        }
        let route = web::method(method.clone()).to(handler);
        Self {
            method,
            path,
            route,
            operation,
            schemas: Vec::new(),
            most_bytes: None,
        }
        .answers_problems()
    }

    /// Says in a line what it is for.
    pub(super) fn about(self, summary: &str) -> Self {
        self.document(|operation| operation.summary(Some(summary)))
    }

    /// Needs no credentials.
    pub(super) fn public(self) -> Self {
        self.document(|operation| operation.security(SecurityRequirement::default()))
    }

    /// Reads a body of type `T`.
    pub(super) fn takes<T: ToSchema>(mut self) -> Self {
        let content = ContentBuilder::new().schema(Some(self.reference::<T>())).build();
        let body = RequestBodyBuilder::new()
            .content(JSON, content)
            .required(Some(Required::True))
            .build();
        self.document(|operation| operation.request_body(Some(body)))
    }

    /// Reads a body of type `T` that may be large.
    pub(super) fn takes_much<T: ToSchema>(self) -> Self {
        Self {
            most_bytes: Some(MUCH),
            ..self.takes::<T>()
        }
    }

    /// Reads a query string of type `T`.
    pub(super) fn asks<T: IntoParams>(self) -> Self {
        self.document(|operation| operation.parameters(Some(T::into_params(|| Some(ParameterIn::Query)))))
    }

    /// Answers 200 with a `T`.
    pub(super) fn answers<T: ToSchema>(self) -> Self {
        self.answers_with::<T>(StatusCode::OK)
    }

    /// Answers `status` with a `T`.
    pub(super) fn answers_with<T: ToSchema>(mut self, status: StatusCode) -> Self {
        let schema = self.reference::<T>();
        self.respond(status, JSON, schema)
    }

    /// Answers 200 with all of the `T`s at once.
    pub(super) fn lists<T: ToSchema>(mut self) -> Self {
        let schema = ArrayBuilder::new().items(self.reference::<T>()).build();
        self.respond(StatusCode::OK, JSON, schema)
    }

    /// Answers 200 with a page of `T`s and a `Link` header to the pages beside it.
    pub(super) fn pages<T: ToSchema>(mut self) -> Self {
        let items = ArrayBuilder::new().items(self.reference::<T>()).build();
        self.pages_of(items)
    }

    /// Answers 200 with a `T` that holds a page, and a `Link` header to the pages beside it.
    pub(super) fn pages_in<T: ToSchema>(mut self) -> Self {
        let shape = self.reference::<T>();
        self.pages_of(shape)
    }

    fn pages_of(self, items: impl Into<RefOr<Schema>>) -> Self {
        let page = ResponseBuilder::new()
            .description(reason(StatusCode::OK))
            .content(JSON, ContentBuilder::new().schema(Some(items)).build())
            .header("Link", Header::default())
            .build();
        self.asks::<Paging>()
            .document(|operation| operation.response("200", page))
    }

    /// Answers 200 with whatever JSON was stored.
    pub(super) fn answers_json(self) -> Self {
        self.respond(StatusCode::OK, JSON, ObjectBuilder::new().build())
    }

    /// Answers 200 with a `T`, or with the bytes that it describes.
    pub(super) fn answers_or_downloads<T: ToSchema>(mut self) -> Self {
        let shape = ContentBuilder::new().schema(Some(self.reference::<T>())).build();
        let bytes = ContentBuilder::new().schema(Some(ObjectBuilder::new())).build();
        let response = ResponseBuilder::new()
            .description(reason(StatusCode::OK))
            .content(JSON, shape)
            .content("application/octet-stream", bytes)
            .build();
        self.document(|operation| operation.response("200", response))
    }

    /// Answers `status` without a body.
    pub(super) fn answers_nothing(self, status: StatusCode) -> Self {
        let response = ResponseBuilder::new().description(reason(status)).build();
        self.document(|operation| operation.response(status.as_str(), response))
    }

    fn answers_problems(mut self) -> Self {
        let content = ContentBuilder::new()
            .schema(Some(self.reference::<Problem>()))
            .build();
        let response = ResponseBuilder::new()
            .description("Anything else")
            .content(JSON, content)
            .build();
        self.document(|operation| operation.response("default", response))
    }

    fn respond(self, status: StatusCode, kind: &str, schema: impl Into<RefOr<Schema>>) -> Self {
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response = ResponseBuilder::new()
            .description(reason(status))
            .content(kind, content)
            .build();
        self.document(|operation| operation.response(status.as_str(), response))
    }

    fn reference<T: ToSchema>(&mut self) -> Ref {
        self.schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(&mut self.schemas);
        Ref::from_schema_name(T::name())
    }

    fn document(mut self, change: impl FnOnce(OperationBuilder) -> OperationBuilder) -> Self {
        self.operation = change(self.operation);
        self
    }
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or_default()
}

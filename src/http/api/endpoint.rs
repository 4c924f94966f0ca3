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
    /// The most bytes of a body, where it may be more than usual.
    pub(super) most_bytes: Option<usize>,
    /// What is documented, still to be written down: each of the server's threads registers all URLs, and the shapes of
    /// all of them would take eight megabytes there.
    notes: Vec<Note>,
}

type Note = Box<dyn FnOnce(&mut Documentation)>;

/// What is documented of an endpoint.
#[derive(Default)]
pub(super) struct Documentation {
    pub(super) operation: OperationBuilder,
    pub(super) schemas: Vec<(String, RefOr<Schema>)>,
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
        let route = web::method(method.clone()).to(handler);
        Self {
            method,
            path,
            route,
            most_bytes: None,
            notes: Vec::new(),
        }
        .note(Documentation::problems)
    }

    /// Says in a line what it is for.
    pub(super) fn about(self, summary: &'static str) -> Self {
        self.note(move |it| it.change(|operation| operation.summary(Some(summary))))
    }

    /// Needs no credentials.
    pub(super) fn public(self) -> Self {
        self.note(|it| it.change(|operation| operation.security(SecurityRequirement::default())))
    }

    /// Reads a body of type `T`.
    pub(super) fn takes<T: ToSchema + 'static>(self) -> Self {
        self.note(|it| {
            let content = ContentBuilder::new().schema(Some(it.reference::<T>())).build();
            let body = RequestBodyBuilder::new()
                .content(JSON, content)
                .required(Some(Required::True))
                .build();
            it.change(|operation| operation.request_body(Some(body)));
        })
    }

    /// Reads a body of type `T` that may be large.
    pub(super) fn takes_much<T: ToSchema + 'static>(self) -> Self {
        Self {
            most_bytes: Some(MUCH),
            ..self.takes::<T>()
        }
    }

    /// Reads a query string of type `T`.
    pub(super) fn asks<T: IntoParams + 'static>(self) -> Self {
        self.note(Documentation::asks::<T>)
    }

    /// Answers 200 with a `T`.
    pub(super) fn answers<T: ToSchema + 'static>(self) -> Self {
        self.answers_with::<T>(StatusCode::OK)
    }

    /// Answers `status` with a `T`.
    pub(super) fn answers_with<T: ToSchema + 'static>(self, status: StatusCode) -> Self {
        self.note(move |it| {
            let schema = it.reference::<T>();
            it.respond(status, JSON, schema);
        })
    }

    /// Answers 200 with all of the `T`s at once.
    pub(super) fn lists<T: ToSchema + 'static>(self) -> Self {
        self.note(|it| {
            let schema = ArrayBuilder::new().items(it.reference::<T>()).build();
            it.respond(StatusCode::OK, JSON, schema);
        })
    }

    /// Answers 200 with a page of `T`s and a `Link` header to the pages beside it.
    pub(super) fn pages<T: ToSchema + 'static>(self) -> Self {
        self.note(|it| {
            let items = ArrayBuilder::new().items(it.reference::<T>()).build();
            it.pages_of(items);
        })
    }

    /// Answers 200 with a `T` that holds a page, and a `Link` header to the pages beside it.
    pub(super) fn pages_in<T: ToSchema + 'static>(self) -> Self {
        self.note(|it| {
            let shape = it.reference::<T>();
            it.pages_of(shape);
        })
    }

    /// Answers 200 with whatever JSON was stored.
    pub(super) fn answers_json(self) -> Self {
        self.note(|it| it.respond(StatusCode::OK, JSON, ObjectBuilder::new().build()))
    }

    /// Answers 200 with server-sent events, without an end.
    pub(super) fn streams(self) -> Self {
        self.note(|it| {
            let text = ObjectBuilder::new().schema_type(Type::String).build();
            it.respond(StatusCode::OK, "text/event-stream", text);
        })
    }

    /// Answers 200 with a `T`, or with the bytes that it describes.
    pub(super) fn answers_or_downloads<T: ToSchema + 'static>(self) -> Self {
        self.note(|it| {
            let shape = ContentBuilder::new().schema(Some(it.reference::<T>())).build();
            let bytes = ContentBuilder::new().schema(Some(ObjectBuilder::new())).build();
            let response = ResponseBuilder::new()
                .description(reason(StatusCode::OK))
                .content(JSON, shape)
                .content("application/octet-stream", bytes)
                .build();
            it.change(|operation| operation.response("200", response));
        })
    }

    /// Answers `status` without a body.
    pub(super) fn answers_nothing(self, status: StatusCode) -> Self {
        self.note(move |it| {
            let response = ResponseBuilder::new().description(reason(status)).build();
            it.change(|operation| operation.response(status.as_str(), response));
        })
    }

    /// What is documented of it, written down.
    pub(super) fn documentation(self) -> Documentation {
        let mut documentation = Documentation::default();
        documentation.places(&self.path);
        for note in self.notes {
            note(&mut documentation);
        }
        documentation
    }

    fn note(mut self, note: impl FnOnce(&mut Documentation) + 'static) -> Self {
        self.notes.push(Box::new(note));
        self
    }
}

impl Documentation {
    /// The names in a path.
    fn places(&mut self, path: &str) {
        let names = path.split('{').skip(1);
        for (name, _) in names.filter_map(|rest| rest.split_once('}')) {
            let parameter = ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(ObjectBuilder::new().schema_type(Type::String)));
            self.change(|operation| operation.parameter(parameter));
        }
    }

    fn problems(&mut self) {
        let content = ContentBuilder::new()
            .schema(Some(self.reference::<Problem>()))
            .build();
        let response = ResponseBuilder::new()
            .description("Anything else")
            .content(JSON, content)
            .build();
        self.change(|operation| operation.response("default", response));
    }

    fn asks<T: IntoParams>(&mut self) {
        self.change(|operation| operation.parameters(Some(T::into_params(|| Some(ParameterIn::Query)))));
    }

    fn pages_of(&mut self, items: impl Into<RefOr<Schema>>) {
        let page = ResponseBuilder::new()
            .description(reason(StatusCode::OK))
            .content(JSON, ContentBuilder::new().schema(Some(items)).build())
            .header("Link", Header::default())
            .build();
        self.asks::<Paging>();
        self.change(|operation| operation.response("200", page));
    }

    fn respond(&mut self, status: StatusCode, kind: &str, schema: impl Into<RefOr<Schema>>) {
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response = ResponseBuilder::new()
            .description(reason(status))
            .content(kind, content)
            .build();
        self.change(|operation| operation.response(status.as_str(), response));
    }

    fn reference<T: ToSchema>(&mut self) -> Ref {
        self.schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(&mut self.schemas);
        Ref::from_schema_name(T::name())
    }

    fn change(&mut self, change: impl FnOnce(OperationBuilder) -> OperationBuilder) {
        self.operation = change(std::mem::take(&mut self.operation));
    }
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or_default()
}

//! Requests: the HTTP request during which an event happened.

use serde_json::{Map, Value};

use super::Pairs;
use super::read::{Place, any, bag, cut, integer, interface, text};

interface! {
    /// An HTTP request.
    pub struct Request {
        /// The URL without query and fragment.
        url: Option<String> = "url" => text::<2048>;
        /// The method, such as `GET`.
        method: Option<String> = "method" => text::<64>;
        /// The version of the protocol.
        protocol: Option<String> = "protocol" => text::<64>;
        /// The body: a text, or what was parsed from it.
        data: Option<Value> = "data" => any::<7, { 32 * 1024 }>;
        /// The parameters of the query.
        query_string: Pairs = "query_string" | "query" => Pairs::query;
        /// What follows `#` in the URL.
        fragment: Option<String> = "fragment" => text::<1024>;
        /// The cookies.
        cookies: Pairs = "cookies" => Pairs::cookies;
        /// The headers; names are written `Like-This`.
        headers: Pairs = "headers" => Pairs::headers;
        /// The environment of a CGI or WSGI program.
        env: Map<String, Value> = "env" => bag::<3, { 16 * 1024 }>;
        /// The size of the body, in bytes.
        body_size: Option<u64> = "body_size" => integer;
        /// The media type of the body, if it was guessed.
        inferred_content_type: Option<String> = "inferred_content_type" => text::<256>;
        /// The kind of interface, such as `graphql`.
        api_target: Option<String> = "api_target" => text::<64>;
    }
}

impl Request {
    /// Reads a request, and moves query, fragment and cookies to where they belong.
    pub(super) fn read(value: Value, at: &mut Place) -> Option<Self> {
        let mut request = Self::read_members(value, at)?;
        if let Some(url) = request.url.take() {
            let (url, fragment) = split(url, '#');
            let (url, query) = split(url, '?');
            request.url = Some(url);
            let fragment = fragment.map(|fragment| at.within("fragment", |at| cut(fragment, 1024, at)));
            request.fragment = request.fragment.or(fragment);
            if let (true, Some(query)) = (request.query_string.is_empty(), query) {
                let query = at.within("url", |at| Pairs::query(Value::String(query), at));
                request.query_string = query.unwrap_or_default();
            }
        }
        if let Some(cookies) = request.headers.remove("Cookie")
            && request.cookies.is_empty()
        {
            request.cookies = Pairs::cookies(Value::String(cookies), at).unwrap_or_default();
        }
        Some(request)
    }

    /// A header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)
    }
}

fn split(text: String, separator: char) -> (String, Option<String>) {
    match text.split_once(separator) {
        Some((head, tail)) => (head.to_owned(), Some(tail.to_owned())),
        None => (text, None),
    }
}

//! How a program uses a key that signs, in six languages. Its parts lie in the variables that every such program reads.

use keywheel_core::app::Call;
use keywheel_core::http::auth::SigV4;
use keywheel_core::provider::Part;

use super::snippets::{quoted, single};
use crate::SnippetsView;

/// What the request says, and in which form.
#[derive(Clone, Copy)]
pub(super) struct Said<'a> {
    pub body: &'a str,
    pub content_type: &'a str,
}

/// `key` names the key on a command line, so that no shell reads more into it.
pub(super) fn view(call: &Call, key: &str, scope: &SigV4, parts: &[Part], said: Said<'_>) -> SnippetsView {
    let each = |line: &dyn Fn(&str, &str) -> String| {
        let lines = parts.iter().map(|part| line(part.variable(), part.name()));
        lines.collect::<Vec<_>>().join("\n")
    };
    let (id, secret) = match parts {
        [id, secret] => (id.variable(), secret.variable()),
        _ => ("", ""),
    };
    let SigV4 { service, region } = scope;
    let (url, method) = (&call.url, &call.method);
    SnippetsView {
        sh: each(&|variable, part| format!("export {variable}=\"$(keywheel reveal {key} --part {part})\"")),
        cmd: each(&|variable, part| {
            format!(
                "for /f \"usebackq delims=\" %k in (`keywheel reveal {key} --part {part}`) do @set \"{variable}=%k\""
            )
        }),
        powershell: each(&|variable, part| format!("$env:{variable} = keywheel reveal {key} --part {part}")),
        curl: format!(
            "printf 'user = \"%s:%s\"\\n' \"${id}\" \"${secret}\" | curl -K - -X {method} \\\n  \
             --aws-sigv4 {} --data {} {}",
            single(&format!("aws:amz:{region}:{service}")),
            single(said.body),
            single(url)
        ),
        javascript: format!(
            "import {{ AwsClient }} from \"aws4fetch\";\n\n\
             const client = new AwsClient({{\n  accessKeyId: process.env.{id},\n  \
             secretAccessKey: process.env.{secret},\n  service: {},\n  region: {},\n}});\n\
             const response = await client.fetch({}, {{\n  method: {},\n  \
             headers: {{ \"Content-Type\": {} }},\n  body: {},\n}});",
            quoted(service),
            quoted(region),
            quoted(url),
            quoted(method),
            quoted(said.content_type),
            quoted(said.body)
        ),
        python: format!(
            "import os\nimport requests\nfrom requests_aws4auth import AWS4Auth\n\n\
             auth = AWS4Auth(os.environ[\"{id}\"], os.environ[\"{secret}\"], {}, {})\n\
             response = requests.request({}, {}, data={}, headers={{\"Content-Type\": {}}}, auth=auth, timeout=30)",
            quoted(region),
            quoted(service),
            quoted(method),
            quoted(url),
            quoted(said.body),
            quoted(said.content_type)
        ),
        variable: format!("{id}, {secret}"),
    }
}

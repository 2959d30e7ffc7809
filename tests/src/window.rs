//! The real window, driven through WebKit's own driver as a person would: by what is on screen.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

pub use crate::look::{Look, pictures};
use crate::{outside, running};

/// Longest wait for anything on screen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(40);
/// Longest wait for its beginning.
const START: Duration = Duration::from_secs(90);
/// Between two looks.
pub(crate) const LOOK: Duration = Duration::from_millis(50);

/// Calls back when no font is being loaded, no movement runs, and two frames have passed.
const DRAWN: &str = "
    const done = arguments[arguments.length - 1];
    const frame = () => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 0)));
    (async () => {
        await new Promise((rested) => setTimeout(rested, 250));
        await document.fonts.ready;
        await frame();
        await frame();
        done(true);
    })();";

/// Whether anything moves that will come to an end.
const MOVING: &str = "return document.getAnimations().some((it) =>
    (it.pending || it.playState === 'running') && it.effect?.getComputedTiming().endTime < Infinity)";

/// What kept a test from going on, as a sentence.
pub type Outcome<T = ()> = Result<T, String>;

/// A window of a desktop program on a data directory.
pub struct Window {
    pub(crate) client: Client,
    text: u32,
    data_dir: PathBuf,
    /// The processes that it began with.
    running: Vec<String>,
    /// Ends with this window.
    _driver: Child,
}

impl Window {
    /// Starts the program and waits until its page is there.
    pub async fn open(desktop: &Path, data_dir: &Path, dark: bool) -> Outcome<Window> {
        let look = Look {
            dark,
            ..Look::default()
        };
        Window::open_as(desktop, data_dir, look).await
    }

    /// Starts the program on a desktop that looks so.
    pub async fn open_as(desktop: &Path, data_dir: &Path, look: Look) -> Outcome<Window> {
        Window::open_with(desktop, data_dir, look, &[]).await
    }

    /// The same with further arguments for the program.
    pub async fn open_with(desktop: &Path, data_dir: &Path, look: Look, further: &[&str]) -> Outcome<Window> {
        // The driver waits without an end for a program that does not come to it.
        let begun = tokio::time::timeout(START, Window::begun(desktop, data_dir, look, further)).await;
        begun.unwrap_or_else(|_| Err("the program does not come to its driver".to_owned()))
    }

    async fn begun(desktop: &Path, data_dir: &Path, look: Look, further: &[&str]) -> Outcome<Window> {
        let port = free_port()?;
        let mut command = Command::new("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", if look.pictures { "0" } else { "1" })
            .env("GDK_SCALE", look.scale.to_string())
            .env("GDK_DPI_SCALE", look.text.to_string())
            .kill_on_drop(true);
        if look.dark {
            command.env("GTK_THEME", "Adwaita:dark");
        }
        if look.presses {
            command.env("KEYWHEEL_PRESSES", "seen");
        }
        let driver = command
            .spawn()
            .map_err(|error| format!("WebKitWebDriver does not start: {error}"))?;
        let mut arguments = vec![json!("--data-dir"), json!(data_dir)];
        arguments.extend(further.iter().map(|it| json!(it)));
        let capabilities = json!({ "webkitgtk:browserOptions": { "binary": desktop, "args": arguments } });
        let Value::Object(capabilities) = capabilities else {
            return Err("capabilities".to_owned());
        };
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let connected = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await;
        Ok(Window {
            client: connected.map_err(|error| format!("no session with the window: {error}"))?,
            running: running::on(data_dir).await?,
            text: look.text,
            data_dir: data_dir.to_owned(),
            _driver: driver,
        })
    }

    /// The element with that test id.
    pub async fn find(&self, id: &str) -> Outcome<Element> {
        self.css(&format!("[data-testid=\"{id}\"]")).await
    }

    /// The first element that the selector matches, as soon as there is one.
    pub async fn css(&self, selector: &str) -> Outcome<Element> {
        let waiting = self
            .client
            .wait()
            .at_most(PATIENCE)
            .every(LOOK)
            .for_element(Locator::Css(selector));
        match waiting.await {
            Ok(found) => Ok(found),
            Err(error) => Err(format!(
                "{selector} does not appear: {error}; {}",
                self.in_front().await
            )),
        }
    }

    /// What is read in front of everything else, for whoever looks into a failure.
    async fn in_front(&self) -> String {
        let script = "return ([...document.querySelectorAll('[role=dialog]')].at(-1) ?? document.body).innerText";
        let text = self.run(script).await.unwrap_or_default();
        format!("the page says {:?}", text.as_str().unwrap_or_default())
    }

    pub async fn has(&self, selector: &str) -> bool {
        self.client.find(Locator::Css(selector)).await.is_ok()
    }

    /// Presses the element with that test id. A held button stays on screen and does nothing: it is waited for.
    pub async fn click(&self, id: &str) -> Outcome {
        self.click_css(&format!("[data-testid=\"{id}\"]:not([aria-disabled=\"true\"])"))
            .await
    }

    /// Presses the first element that the selector matches, once it is at rest and nothing lies over it.
    pub async fn click_css(&self, selector: &str) -> Outcome {
        let started = std::time::Instant::now();
        let mut last = String::new();
        while started.elapsed() < PATIENCE {
            let element = self.css(selector).await?;
            match self.at_rest(&element).await {
                Ok(true) => match element.click().await {
                    Ok(()) => return Ok(()),
                    Err(error) => last = error.to_string(),
                },
                Ok(false) => last = "it moves".to_owned(),
                Err(error) => last = error.to_string(),
            }
            tokio::time::sleep(LOOK * 2).await;
        }
        Err(format!("{selector} cannot be pressed: {last}"))
    }

    /// Says whether an element stays where it is: what is being drawn may move away from under a press. A movement
    /// that is yet to begin has no place of its own.
    async fn at_rest(&self, element: &Element) -> Result<bool, CmdError> {
        let before = element.rectangle().await?;
        tokio::time::sleep(LOOK * 2).await;
        let moving = self.client.execute(MOVING, vec![]).await?;
        Ok(moving == Value::Bool(false) && element.rectangle().await? == before)
    }

    /// Presses what the selector matches now, once.
    pub async fn press_once(&self, selector: &str) -> Outcome {
        let found = self.client.find(Locator::Css(selector)).await;
        let pressed = async { found?.click().await };
        pressed
            .await
            .map_err(|error| format!("{selector} cannot be pressed: {error}"))
    }

    /// Types into a field, after emptying it.
    pub async fn fill(&self, id: &str, text: &str) -> Outcome {
        let field = self.find(id).await?;
        field
            .clear()
            .await
            .map_err(|error| format!("{id} cannot be emptied: {error}"))?;
        field
            .send_keys(text)
            .await
            .map_err(|error| format!("{id} cannot be typed into: {error}"))
    }

    pub async fn text(&self, id: &str) -> Outcome<String> {
        self.find(id)
            .await?
            .text()
            .await
            .map_err(|error| format!("{id} has no text: {error}"))
    }

    /// Waits until the attribute of the element has the value.
    pub async fn until(&self, id: &str, attribute: &str, value: &str) -> Outcome {
        let selector = format!("[data-testid=\"{id}\"][{attribute}=\"{value}\"]");
        match self.css(&selector).await {
            Ok(_) => Ok(()),
            Err(_) => {
                let now = match self.client.find(Locator::Css(&format!("[data-testid=\"{id}\"]"))).await {
                    Ok(element) => element.attr(attribute).await.ok().flatten().unwrap_or_default(),
                    Err(_) => "absent".to_owned(),
                };
                Err(format!("{id} is not {value} but {now}; {}", self.in_front().await))
            }
        }
    }

    /// Waits until the text of the element says so, and returns it.
    pub async fn says(&self, id: &str, words: &str) -> Outcome<String> {
        let started = std::time::Instant::now();
        loop {
            let now = self.text(id).await.unwrap_or_default();
            if now.contains(words) {
                return Ok(now);
            }
            if started.elapsed() > PATIENCE {
                return Err(format!("{id} does not say “{words}” but “{now}”"));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until the selector matches nothing.
    pub async fn gone(&self, selector: &str) -> Outcome {
        let started = std::time::Instant::now();
        while started.elapsed() < PATIENCE {
            if !self.has(selector).await {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(format!("{selector} stays"))
    }

    /// Runs a script in the page and returns what it returns.
    pub async fn run(&self, script: &str) -> Outcome<Value> {
        self.client
            .execute(script, vec![])
            .await
            .map_err(|error| format!("a script failed: {error}"))
    }

    /// Runs a script that calls back with its result.
    pub async fn run_async(&self, script: &str) -> Outcome<Value> {
        self.client
            .execute_async(script, vec![])
            .await
            .map_err(|error| format!("a script failed: {error}"))
    }

    /// All text and all field values of the page.
    pub async fn page_text(&self) -> Outcome<String> {
        let script = "return document.documentElement.outerHTML + [...document.querySelectorAll('input,textarea')].map(e => e.value).join(' ')";
        Ok(self.run(script).await?.as_str().unwrap_or_default().to_owned())
    }

    /// Presses the last key with those before it held, as a keyboard does: nothing says where.
    pub async fn press(&self, chord: &[char]) -> Outcome {
        let down = chord.iter().map(|key| KeyAction::Down { value: *key });
        let up = chord.iter().rev().map(|key| KeyAction::Up { value: *key });
        let pressed = down
            .chain(up)
            .fold(KeyActions::new("keyboard".to_owned()), |keys, act| keys.then(act));
        let done = self.client.perform_actions(pressed).await;
        done.map_err(|error| format!("keys were not taken: {error}"))
    }

    /// Presses keys where the focus is.
    pub async fn keys(&self, keys: &str) -> Outcome {
        let active = self
            .client
            .active_element()
            .await
            .map_err(|error| format!("nothing has the focus: {error}"))?;
        active
            .send_keys(keys)
            .await
            .map_err(|error| format!("keys were not taken: {error}"))
    }

    /// Gives the window that many pixels.
    pub async fn resize(&self, (width, height): (u32, u32)) -> Outcome {
        let resized = self.client.set_window_size(width, height).await;
        resized.map_err(|error| format!("the window keeps its size: {error}"))?;
        let wanted = json!([width / self.text, height / self.text]);
        let mut size = Value::Null;
        for _ in 0..40 {
            size = self.run("return [innerWidth, innerHeight]").await?;
            if size == wanted {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(format!("the page has {size} instead of {wanted}"))
    }

    /// Writes a picture of the page, once its fonts are there and what changed is drawn.
    pub async fn picture(&self, file: &Path) -> Outcome {
        self.run_async(DRAWN).await?;
        let taken = tokio::time::timeout(PATIENCE, self.client.screenshot()).await;
        let png = taken
            .map_err(|_| "no picture in time".to_owned())?
            .map_err(|error| format!("no picture: {error}"))?;
        std::fs::write(file, png).map_err(|error| format!("{} cannot be written: {error}", file.display()))
    }

    /// Ends the session, and waits until the program has ended with it: a next window on the same data would only
    /// raise this one. The driver has to live until then, for it is what ends the program.
    pub async fn close(&self) -> Outcome {
        let closing = tokio::time::timeout(PATIENCE, self.client.clone().close()).await;
        closing
            .map_err(|_| "the session does not end in time".to_owned())?
            .map_err(|error| format!("the window does not close: {error}"))?;
        self.ended().await
    }

    /// Waits until the program has ended.
    pub async fn ended(&self) -> Outcome {
        let started = std::time::Instant::now();
        while started.elapsed() < PATIENCE {
            if self.running.iter().all(|id| running::has_ended(id)) && self.processes().await?.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
        Err("the program does not end".to_owned())
    }

    /// Sends the program a signal of `kill`, as `-KILL`.
    pub async fn signal(&self, name: &str) -> Outcome {
        running::signal(&self.processes().await?, name).await
    }

    /// Presses the button of its title bar.
    pub async fn press_close(&self) -> Outcome {
        outside::close_window(&self.processes().await?).await
    }

    /// The numbers of the program's processes.
    pub async fn processes(&self) -> Outcome<Vec<String>> {
        running::on(&self.data_dir).await
    }
}

fn free_port() -> Outcome<u16> {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").map_err(|error| format!("no port: {error}"))?;
    socket
        .local_addr()
        .map(|address| address.port())
        .map_err(|error| format!("no port: {error}"))
}

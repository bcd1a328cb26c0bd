//! A hub on 127.0.0.1: its API and its files on one port, and the store it sends readers to on
//! another, as the real one does.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

/// The commit of the one revision.
pub(crate) const COMMIT: &str = "1234567890abcdef1234567890abcdef12345678";
/// The model.
pub(crate) const REPO: &str = "org/tiny";
/// No connection lives longer: a test that waits for ever fails instead.
const LONGEST: Duration = Duration::from_secs(30);

/// A request, as far as the tests look at it.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Path and query; the store's has a signature, another each time the hub sends there.
    pub(crate) target: String,
    /// Whether it came to the store and not to the hub.
    pub(crate) store: bool,
    /// First and last byte asked for.
    pub(crate) range: Option<(u64, u64)>,
    /// Whether only the headers are asked for.
    pub(crate) head: bool,
    pub(crate) authorization: Option<String>,
    /// How often the same path was asked for before.
    pub(crate) earlier: usize,
    /// How often the same address was, its signature included.
    pub(crate) same: usize,
}

impl Request {
    /// Whether it is for the content of a file whose name ends so.
    pub(crate) fn is_content(&self, ending: &str) -> bool {
        self.store && self.path().ends_with(ending)
    }

    fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }
}

/// How an answer goes wrong.
#[derive(Debug, Clone, Default)]
pub(crate) enum Fault {
    /// Not at all.
    #[default]
    None,
    /// Another status, with headers.
    Status(u16, Vec<(&'static str, &'static str)>),
    /// The connection ends after so many bytes of the body.
    CutAfter(usize),
    /// Nothing more comes after so many bytes of the body.
    StallAfter(usize),
    /// So many bytes at a time, with a pause between.
    Slow(usize),
    /// The length is stated so much greater than it is.
    LongerThanItIs(usize),
    /// The body is so much shorter, with a length that says so.
    Shorter(usize),
    /// The whole file, whatever range is asked for.
    Whole,
    /// `Content-Range` says that the file has another length.
    OtherTotal(u64),
    /// `Content-Range` says that it is another range.
    OtherRange,
    /// One byte is another.
    Damaged,
    /// With these headers.
    With(Vec<(&'static str, String)>),
    /// The list has the files' names and nothing more of them.
    NamesOnly,
    /// Another body under status 200.
    Body(&'static str),
}

/// One file of the model.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// Large files have a SHA-256, and are in the store.
    pub(crate) large: bool,
}

/// What goes wrong with a request.
pub(crate) type FaultOf = fn(&Request) -> Fault;
type Faults = Box<dyn Fn(&Request) -> Fault + Send + Sync>;

struct Shared {
    files: Vec<Content>,
    faults: Faults,
    requests: Mutex<Vec<Request>>,
    stop: AtomicBool,
    store: SocketAddr,
}

/// The server; it ends with this.
pub(crate) struct Server {
    pub(crate) endpoint: String,
    shared: Arc<Shared>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Server {
    pub(crate) fn good(files: Vec<Content>) -> Self {
        Self::new(files, |_| Fault::None)
    }

    /// A server of `files` that goes wrong as `faults` says of each request.
    pub(crate) fn new(
        files: Vec<Content>,
        faults: impl Fn(&Request) -> Fault + Send + Sync + 'static,
    ) -> Self {
        let [hub, store] = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let shared = Arc::new(Shared {
            files,
            faults: Box::new(faults),
            requests: Mutex::default(),
            stop: AtomicBool::new(false),
            store: store.local_addr().unwrap(),
        });
        let endpoint = format!("http://{}", hub.local_addr().unwrap());
        let listen = |listener: TcpListener, is_store| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || accept(&listener, is_store, &shared))
        };
        let threads = vec![listen(hub, false), listen(store, true)];
        Self {
            endpoint,
            shared,
            threads,
        }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// Requests for the content of files whose names end so.
    pub(crate) fn content(&self, ending: &str) -> Vec<Request> {
        let mut requests = self.requests();
        requests.retain(|request| request.is_content(ending));
        requests
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            drop(thread.join());
        }
    }
}

fn accept(listener: &TcpListener, store: bool, shared: &Arc<Shared>) {
    listener.set_nonblocking(true).unwrap();
    while !shared.stop.load(Ordering::Relaxed) {
        let Ok((stream, _)) = listener.accept() else {
            thread::sleep(Duration::from_millis(2));
            continue;
        };
        let shared = Arc::clone(shared);
        thread::spawn(move || {
            stream.set_nonblocking(false).unwrap();
            stream.set_read_timeout(Some(LONGEST)).unwrap();
            stream.set_write_timeout(Some(LONGEST)).unwrap();
            // A reader that goes away is none of the server's business.
            drop(answer(stream, store, &shared));
        });
    }
}

fn answer(stream: TcpStream, store: bool, shared: &Shared) -> std::io::Result<()> {
    let mut lines = BufReader::new(&stream).lines();
    let Some(first) = lines.next() else {
        return Ok(());
    };
    let first = first?;
    let head = first.starts_with("HEAD ");
    let target = first.split(' ').nth(1).unwrap().to_owned();
    let mut headers = HashMap::new();
    for line in lines {
        let line = line?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let range = headers.get("range").map(|range| {
        let (first, last) = range
            .strip_prefix("bytes=")
            .unwrap()
            .split_once('-')
            .unwrap();
        (first.parse().unwrap(), last.parse().unwrap())
    });
    let mut request = Request {
        target,
        store,
        range,
        head,
        authorization: headers.get("authorization").cloned(),
        earlier: 0,
        same: 0,
    };
    {
        let mut requests = shared.requests.lock().unwrap();
        let same = |other: &&Request| other.path() == request.path() && other.store == store;
        request.earlier = requests.iter().filter(same).count();
        let same = |other: &&Request| other.target == request.target && other.store == store;
        request.same = requests.iter().filter(same).count();
        requests.push(request.clone());
    }
    let fault = (shared.faults)(&request);
    let reply = Reply::to(&request, &fault, shared);
    reply.send(stream, &fault, shared, head)
}

struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Reply {
    fn to(request: &Request, fault: &Fault, shared: &Shared) -> Self {
        if let Fault::Status(status, headers) = fault {
            let headers = headers.iter();
            return Self {
                status: *status,
                headers: headers
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                body: b"{\"error\":\"secret details\"}".to_vec(),
            };
        }
        if let Fault::With(more) = fault {
            let mut reply = Self::to(request, &Fault::None, shared);
            let more = more
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()));
            reply.headers.extend(more);
            return reply;
        }
        if let Fault::Body(text) = fault {
            return Self::good(text.as_bytes().to_vec());
        }
        let path = request.path();
        let file = |name: &str| shared.files.iter().find(|file| file.name == name);
        let info = format!("/api/models/{REPO}/revision/");
        let resolve = format!("/{REPO}/resolve/{COMMIT}/");
        if let Some(revision) = path.strip_prefix(&info) {
            return match revision {
                "main" | "v1%2Fnew" | COMMIT if matches!(fault, Fault::NamesOnly) => {
                    Self::good(names(&shared.files))
                }
                "main" | "v1%2Fnew" | COMMIT => Self::good(self::info(&shared.files)),
                _ => Self::missing("RevisionNotFound"),
            };
        }
        if request.store
            && let Some(file) = path.strip_prefix("/store/").and_then(file)
        {
            return Self::content(&file.bytes, request.range, fault);
        }
        match path.strip_prefix(&resolve).map(file) {
            Some(Some(file)) if file.large => Self {
                status: 302,
                headers: vec![(
                    "Location".to_owned(),
                    format!(
                        "http://{}/store/{}?signed={}",
                        shared.store, file.name, request.earlier
                    ),
                )],
                body: Vec::new(),
            },
            Some(Some(file)) => Self::content(&file.bytes, request.range, fault),
            Some(None) => Self::missing("EntryNotFound"),
            None => Self::missing("RepoNotFound"),
        }
    }

    fn good(body: Vec<u8>) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body,
        }
    }

    fn missing(code: &str) -> Self {
        Self {
            status: 404,
            headers: vec![("X-Error-Code".to_owned(), code.to_owned())],
            body: Vec::new(),
        }
    }

    fn content(bytes: &[u8], range: Option<(u64, u64)>, fault: &Fault) -> Self {
        let Some((first, last)) = range.filter(|_| !matches!(fault, Fault::Whole)) else {
            return Self::good(bytes.to_vec());
        };
        let mut stated = (first, last, bytes.len() as u64);
        match fault {
            Fault::OtherTotal(total) => stated.2 = *total,
            Fault::OtherRange => stated.0 += 1,
            _ => {}
        }
        let (from, to, total) = stated;
        Self {
            status: 206,
            headers: vec![(
                "Content-Range".to_owned(),
                format!("bytes {from}-{to}/{total}"),
            )],
            body: bytes[first as usize..=last as usize].to_vec(),
        }
    }

    fn send(
        mut self,
        mut stream: TcpStream,
        fault: &Fault,
        shared: &Shared,
        only_head: bool,
    ) -> std::io::Result<()> {
        let mut length = self.body.len();
        let mut piece = usize::MAX;
        match fault {
            Fault::CutAfter(bytes) | Fault::StallAfter(bytes) => self.body.truncate(*bytes),
            Fault::LongerThanItIs(bytes) => length += bytes,
            Fault::Shorter(bytes) => {
                length = length.saturating_sub(*bytes);
                self.body.truncate(length);
            }
            Fault::Damaged if !self.body.is_empty() => {
                let middle = self.body.len() / 2;
                self.body[middle] ^= 1;
            }
            Fault::Slow(bytes) => piece = *bytes,
            _ => {}
        }
        let mut head = format!("HTTP/1.1 {} Test\r\nConnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        write!(stream, "{head}Content-Length: {length}\r\n\r\n")?;
        if only_head {
            self.body.clear();
        }
        for part in self.body.chunks(piece.min(self.body.len().max(1))) {
            stream.write_all(part)?;
            stream.flush()?;
            if piece != usize::MAX {
                thread::sleep(Duration::from_millis(5));
            }
        }
        if matches!(fault, Fault::StallAfter(_)) {
            let end = Instant::now() + LONGEST;
            while Instant::now() < end && !shared.stop.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(5));
            }
        }
        // Closed with an unread request, the answer could be lost.
        stream.shutdown(std::net::Shutdown::Write)?;
        stream.set_read_timeout(Some(Duration::from_millis(50)))?;
        drop(stream.read(&mut [0; 16]));
        Ok(())
    }
}

/// What the hub's API says of the model, as the real one words it.
fn info(files: &[Content]) -> Vec<u8> {
    let siblings: Vec<serde_json::Value> = files
        .iter()
        .map(|file| {
            let mut entry = serde_json::json!({
                "rfilename": file.name,
                "size": file.bytes.len(),
                "blobId": format!("{:040x}", file.bytes.len()),
            });
            if file.large {
                entry["lfs"] = serde_json::json!({
                    "sha256": sha256(&file.bytes),
                    "size": file.bytes.len(),
                    "pointerSize": 134,
                });
            }
            entry
        })
        .collect();
    let info = serde_json::json!({
        "id": REPO,
        "sha": COMMIT,
        "private": false,
        "gated": false,
        "siblings": siblings,
    });
    serde_json::to_vec(&info).unwrap()
}

/// What a mirror's API says of the model: names.
fn names(files: &[Content]) -> Vec<u8> {
    let siblings: Vec<serde_json::Value> = files
        .iter()
        .map(|file| serde_json::json!({ "rfilename": file.name }))
        .collect();
    let info = serde_json::json!({ "id": REPO, "sha": COMMIT, "siblings": siblings });
    serde_json::to_vec(&info).unwrap()
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let hash = Sha256::digest(bytes);
    let mut text = String::new();
    for byte in hash {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}

//! The bytes of a file on the hub, from one place to another, each answer checked.
//!
//! Enters: a file and a range of it. Leaves: exactly these bytes, in order, to a sink; a
//! connection that breaks off is taken up again where it ended. An answer counts only when its
//! status, its `Content-Range` and its length say that it is what was asked for.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use reqwest::header::{CONTENT_ENCODING, CONTENT_RANGE, ETAG, LAST_MODIFIED};
use reqwest::{Response, StatusCode, Url};

use crate::error::Result;
use crate::progress::Progress;
use crate::source::hub::connection::{Hub, Stop};
use crate::source::hub::problem::Problem;
use crate::source::hub::{HubFile, HubId};

/// A file on the hub that can be read from.
#[derive(Debug)]
pub(in crate::source) struct Remote {
    pub(in crate::source) id: HubId,
    name: String,
    /// Its length as the hub lists it.
    pub(in crate::source) size: u64,
    url: Url,
    /// Where the hub last sent us for it: asking there spares the hub a request a read. Such
    /// addresses are signed and expire.
    located: Mutex<Option<Url>>,
    /// Which server has sent what is read of it, and what it called the content: another tag from
    /// the same server means other bytes.
    tag: Mutex<Option<(String, String)>>,
}

impl Remote {
    /// `file` of the model `id` at `commit`.
    pub(in crate::source) fn new(hub: &Hub, (id, commit): (&HubId, &str), file: &HubFile) -> Self {
        let owner = id.repo.split('/');
        let parts = owner.chain(["resolve", commit]).chain(file.name.split('/'));
        Self {
            id: id.clone(),
            name: file.name.clone(),
            size: file.size,
            url: hub.address(parts),
            located: Mutex::default(),
            tag: Mutex::default(),
        }
    }

    /// Its address on the hub, at its commit.
    pub(in crate::source) fn url(&self) -> &Url {
        &self.url
    }

    /// Hands the bytes of `range` to `sink`, in order and each once.
    ///
    /// # Errors
    /// [`crate::Error::Problem`] when they cannot be had, [`crate::Error::Canceled`], and what
    /// `sink` returns.
    pub(in crate::source) fn read(
        &self,
        hub: &Hub,
        range: Range<u64>,
        progress: &Progress,
        mut sink: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let done = std::cell::Cell::new(0);
        if range.is_empty() {
            return Ok(());
        }
        hub.tried(
            &self.id,
            progress,
            || {
                let mut take = |bytes: &[u8]| {
                    done.set(done.get() + bytes.len() as u64);
                    sink(bytes)
                };
                let from = range.start + done.get();
                self.once(hub, from..range.end, progress, &mut take)
            },
            || done.get(),
        )
    }

    /// One request, from where it goes to where it ends.
    fn once(
        &self,
        hub: &Hub,
        range: Range<u64>,
        progress: &Progress,
        sink: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<(), Stop> {
        let wanted = range.end - range.start;
        let mut answer = self.answer(hub, &range, progress)?;
        self.check(&answer, &range)?;
        self.check_tag(&answer)?;
        let mut got = 0;
        while let Some(bytes) = hub.next(&mut answer, progress)? {
            let bytes = bytes.as_ref();
            got += bytes.len() as u64;
            if got > wanted {
                let what = format!("more than the {wanted} that it announced");
                return Err(Problem::OtherBytes(what).into());
            }
            sink(bytes)?;
        }
        if got < wanted {
            let got = range.start + got;
            return Err(Problem::Cut { got, of: self.size }.into());
        }
        Ok(())
    }

    /// Asks for `range`, where the hub last sent us if it did.
    fn answer(&self, hub: &Hub, range: &Range<u64>, progress: &Progress) -> Result<Response, Stop> {
        let whole = *range == (0..self.size);
        let header = (!whole).then(|| format!("bytes={}-{}", range.start, range.end - 1));
        let ask = |url: &Url| hub.ask(url, header.as_deref(), Some(&self.name), progress);
        let located = || self.located.lock().unwrap_or_else(PoisonError::into_inner);
        let there = located().clone();
        if let Some(url) = there {
            match ask(&url) {
                Ok((answer, _)) => return Ok(answer),
                // Expired, most likely: the hub says where to go now.
                Err(Stop::Problem(problem)) if !problem.passes() => *located() = None,
                Err(stop) => return Err(stop),
            }
        }
        let (answer, url) = ask(&self.url)?;
        if url != self.url {
            *located() = Some(url);
        }
        Ok(answer)
    }

    /// Whether the answer is of `range` of this file.
    fn check(&self, answer: &Response, range: &Range<u64>) -> Result<(), Problem> {
        let wanted = range.end - range.start;
        let header = |name| {
            answer
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        if let Some(coding) = header(CONTENT_ENCODING).filter(|coding| *coding != "identity") {
            return Err(Problem::OtherBytes(format!("they are packed as {coding}")));
        }
        let whole = *range == (0..self.size);
        let stated = answer.content_length();
        match answer.status() {
            StatusCode::OK if whole => match stated {
                Some(sent) if sent != self.size => Err(self.other_size(sent)),
                _ => Ok(()),
            },
            StatusCode::OK => Err(Problem::NoRanges),
            StatusCode::PARTIAL_CONTENT => {
                let text = header(CONTENT_RANGE).unwrap_or("");
                let wrong = || {
                    let last = range.end - 1;
                    let asked = format!("{}-{last}", range.start);
                    Problem::OtherBytes(format!("{text:?} where {asked} was asked for"))
                };
                let (first, last, total) = content_range(text).ok_or_else(wrong)?;
                if let Some(total) = total.filter(|total| *total != self.size) {
                    return Err(self.other_size(total));
                }
                let same = first == range.start && last.checked_add(1) == Some(range.end);
                let length = stated.is_none_or(|stated| stated == wanted);
                if same && length { Ok(()) } else { Err(wrong()) }
            }
            status => Err(Problem::Status(status.as_u16())),
        }
    }

    /// Whether the answer is of the same content as earlier ones.
    fn check_tag(&self, answer: &Response) -> Result<(), Problem> {
        let headers = answer.headers();
        let tag = headers.get(ETAG).or_else(|| headers.get(LAST_MODIFIED));
        let Some(tag) = tag.and_then(|tag| tag.to_str().ok()) else {
            return Ok(());
        };
        let now = (answer.url().authority().to_owned(), tag.to_owned());
        let mut seen = self.tag.lock().unwrap_or_else(PoisonError::into_inner);
        match &*seen {
            Some((server, before)) if *server == now.0 && *before != now.1 => {
                Err(Problem::Changed(self.name.clone()))
            }
            _ => {
                *seen = Some(now);
                Ok(())
            }
        }
    }

    fn other_size(&self, sent: u64) -> Problem {
        Problem::OtherSize {
            file: self.name.clone(),
            listed: self.size,
            sent,
        }
    }
}

/// First byte, last byte and the file's length of `bytes 0-99/1234`; no length of `bytes 0-99/*`.
fn content_range(text: &str) -> Option<(u64, u64, Option<u64>)> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let total = match total {
        "*" => None,
        total => Some(total.parse().ok()?),
    };
    Some((first.parse().ok()?, last.parse().ok()?, total))
}

#[cfg(test)]
mod tests {
    use super::content_range;

    #[test]
    fn a_range_is_read_only_where_it_is_one() {
        assert_eq!(content_range("bytes 0-99/1234"), Some((0, 99, Some(1234))));
        assert_eq!(content_range("bytes 5-5/*"), Some((5, 5, None)));
        for text in ["", "bytes */1234", "0-99/1234", "bytes 0-/9", "bytes 0-9/x"] {
            assert_eq!(content_range(text), None, "{text}");
        }
    }
}

//! A file of lines that is only ever appended to, and holds whole lines whatever happens: what a full disk cuts off
//! is taken back at once, what a dying process leaves half is removed by the next one.

use super::error::RunError;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// What lines are written to.
pub trait Store: Write {
    /// Cuts it to a length and goes on writing there.
    ///
    /// # Errors
    /// The system's.
    fn cut(&mut self, length_bytes: u64) -> io::Result<()>;
}

impl Store for File {
    fn cut(&mut self, length_bytes: u64) -> io::Result<()> {
        self.set_len(length_bytes)?;
        self.seek(SeekFrom::Start(length_bytes)).map(drop)
    }
}

/// Lines of JSON.
#[derive(Debug)]
pub struct Log<S> {
    store: S,
    path: PathBuf,
    whole_bytes: u64,
    /// Whether a part of a line is still to be taken back.
    torn: bool,
}

impl Log<File> {
    /// Opens a file, making it when there is none, shows `each` its lines and removes an unfinished last one.
    ///
    /// # Errors
    /// When the disk fails or a line does not read.
    pub fn open<T: DeserializeOwned>(path: PathBuf, each: impl FnMut(T)) -> Result<Self, RunError> {
        let mut options = OpenOptions::new();
        let mut store =
            options.create(true).truncate(false).read(true).write(true).open(&path).map_err(at(&path))?;
        let whole_bytes = read_lines(&path, &store, each)?;
        store.cut(whole_bytes).map_err(at(&path))?;
        Ok(Self { store, path, whole_bytes, torn: false })
    }
}

impl<S: Store> Log<S> {
    /// Appends lines, all or none; when this returns they survive the end of the process.
    ///
    /// # Errors
    /// When the disk fails or is full. It can be tried again.
    pub fn append<T: Serialize>(&mut self, entries: &[T]) -> Result<(), RunError> {
        let mut lines = Vec::new();
        for entry in entries {
            serde_json::to_writer(&mut lines, entry).map_err(io::Error::from).map_err(at(&self.path))?;
            lines.push(b'\n');
        }
        if self.torn {
            self.store.cut(self.whole_bytes).map_err(at(&self.path))?;
        }
        let written = self.store.write_all(&lines).and_then(|()| self.store.flush());
        match &written {
            Ok(()) => (self.whole_bytes, self.torn) = (self.whole_bytes + lines.len() as u64, false),
            // A part of a line must not stand before the next one.
            Err(_) => self.torn = self.store.cut(self.whole_bytes).is_err(),
        }
        written.map_err(at(&self.path))
    }
}

/// Shows `each` the whole lines of a file; gives the bytes up to the end of the last one.
///
/// # Errors
/// When the disk fails or a line does not read.
pub fn read_lines<T: DeserializeOwned>(
    path: &Path,
    file: &File,
    mut each: impl FnMut(T),
) -> Result<u64, RunError> {
    let mut reader = BufReader::with_capacity(1 << 20, file);
    let (mut whole_bytes, mut number, mut line) = (0, 0, Vec::new());
    loop {
        line.clear();
        let bytes = reader.read_until(b'\n', &mut line).map_err(at(path))?;
        // Only the last line can lack its end: a process died while writing it.
        if !line.ends_with(b"\n") {
            return Ok(whole_bytes);
        }
        number += 1;
        whole_bytes += bytes as u64;
        match serde_json::from_slice(&line) {
            Ok(entry) => each(entry),
            Err(error) => {
                let reason = error.to_string();
                return Err(RunError::Damaged { file: path.to_owned(), line: number, reason });
            }
        }
    }
}

/// Names the file that the system's reason is about.
pub fn at(path: &Path) -> impl FnOnce(io::Error) -> RunError {
    let path = path.to_owned();
    move |source| RunError::Io { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A disk with so much room.
    struct Disk {
        bytes: Vec<u8>,
        room_bytes: usize,
        cuts_fail: bool,
    }

    impl Write for Disk {
        fn write(&mut self, more: &[u8]) -> io::Result<usize> {
            let fits = more.len().min(self.room_bytes - self.bytes.len());
            if fits == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.bytes.extend_from_slice(&more[..fits]);
            Ok(fits)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Store for Disk {
        fn cut(&mut self, length_bytes: u64) -> io::Result<()> {
            if self.cuts_fail {
                return Err(io::ErrorKind::Other.into());
            }
            self.bytes.truncate(length_bytes as usize);
            Ok(())
        }
    }

    fn log(room_bytes: usize) -> Log<Disk> {
        let store = Disk { bytes: Vec::new(), room_bytes, cuts_fail: false };
        Log { store, path: "RUN/predictions.jsonl".into(), whole_bytes: 0, torn: false }
    }

    #[test]
    fn a_full_disk_is_named_with_what_to_do() {
        let error = log(3).append(&["a line"]).unwrap_err().to_string();
        for told in ["RUN/predictions.jsonl", "Make room", "kept", "same command"] {
            assert!(error.contains(told), "{error}");
        }
    }

    #[test]
    fn what_could_not_be_taken_back_at_once_is_taken_back_later() {
        let mut log = log(10);
        log.append(&["ab"]).unwrap();
        log.store.cuts_fail = true;
        assert!(log.append(&["cdefghij"]).is_err() && log.append(&["k"]).is_err());
        (log.store.cuts_fail, log.store.room_bytes) = (false, 100);
        log.append(&["k"]).unwrap();
        assert_eq!(log.store.bytes, b"\"ab\"\n\"k\"\n");
    }

    proptest! {
        /// Wherever the disk fills up, what was said to be written is there, whole, and nothing else is.
        #[test]
        fn whole_lines_alone(entries in prop::collection::vec("[a-z]{0,9}", 1..20), room_bytes in 0usize..120) {
            let mut log = log(room_bytes);
            let mut kept = String::new();
            for entry in &entries {
                if log.append(&[entry]).is_ok() {
                    kept += &format!("{entry:?}\n");
                }
                prop_assert_eq!(&log.store.bytes, kept.as_bytes());
            }
            log.store.room_bytes = 1000;
            log.append(&["room again"]).unwrap();
            prop_assert!(log.store.bytes.ends_with(b"\"room again\"\n"));
        }
    }
}

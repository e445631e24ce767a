//! A bound on the bytes of one row: a quote that never closes must not pull a whole file into memory.

use std::io::{Error, ErrorKind, Read, Result};

/// Longest row: sixteen images at 8K are below it.
pub(super) const LONGEST_ROW_BYTES: u64 = 1 << 30;

/// A reader that fails when a row is longer than allowed; whoever reads rows calls [`RowLimit::begin_row`].
pub(super) struct RowLimit<R> {
    inner: R,
    left: u64,
    limit: u64,
}

impl<R> RowLimit<R> {
    pub fn new(inner: R, limit: u64) -> Self {
        Self { inner, left: limit, limit }
    }

    pub fn begin_row(&mut self) {
        self.left = self.limit;
    }
}

impl<R: Read> Read for RowLimit<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.left == 0 {
            let limit = self.limit >> 20;
            let reason = format!("a row is longer than {limit} MiB; is there a quote that never closes?");
            return Err(Error::new(ErrorKind::InvalidData, reason));
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.inner.read(&mut buffer[..most])?;
        self.left -= read as u64;
        Ok(read)
    }
}

impl<R: std::io::Seek> std::io::Seek for RowLimit<R> {
    fn seek(&mut self, to: std::io::SeekFrom) -> Result<u64> {
        self.begin_row();
        self.inner.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_long_row_fails() {
        let mut reader = RowLimit::new(&b"0123456789"[..], 4);
        let mut buffer = [0; 8];
        assert_eq!(reader.read(&mut buffer).unwrap(), 4);
        reader.begin_row();
        assert_eq!(reader.read(&mut buffer).unwrap(), 4);
        assert!(reader.read(&mut buffer).unwrap_err().to_string().contains("never closes"));
    }
}

//! Parquet tables: a few rows in memory at a time, read column by column.

use super::{Rows, io, place};
use crate::error::{DatasetError, Place, RowNumber};
use crate::row::{Cell, Row};
use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::{
    ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use serde_json::Number;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// Rows in memory together: few, for a row may hold images of tens of megabytes.
const ROWS_PER_BATCH: usize = 8;

/// The rows of a table.
pub(super) struct ParquetRows {
    file: Arc<Path>,
    reader: ParquetRecordBatchReader,
    columns: Vec<Arc<str>>,
    group_sizes: Vec<u64>,
    total: u64,
    batch: Option<(RecordBatch, usize)>,
    /// Row group and row of the next row.
    next: (usize, u64),
    is_over: bool,
}

impl ParquetRows {
    pub fn open(path: &Path) -> Result<Self, DatasetError> {
        let file: Arc<Path> = path.into();
        let source = File::open(path).map_err(|source| io(path, source))?;
        // What the writer's own types were does not matter; plain ones are fewer.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let begin = place(&file, RowNumber::Whole);
        let failed = |error: &dyn std::fmt::Display| damaged(begin.clone(), error);
        let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(source, options)
            .map_err(|error| failed(&error))?;
        let columns = builder.schema().fields().iter().map(|field| field.name().as_str().into()).collect();
        let groups = builder.metadata().row_groups().iter();
        let group_sizes: Vec<u64> =
            groups.map(|group| u64::try_from(group.num_rows()).unwrap_or(0)).collect();
        let reader = builder.with_batch_size(ROWS_PER_BATCH).build().map_err(|error| failed(&error))?;
        let total = group_sizes.iter().sum();
        Ok(Self { file, reader, columns, group_sizes, total, batch: None, next: (0, 0), is_over: false })
    }

    /// Steps to the next row and says where it is; its values are row `.1` of the batch.
    fn advance(&mut self) -> Option<Result<Place, DatasetError>> {
        if self.is_over {
            return None;
        }
        while self.group_sizes.get(self.next.0).is_some_and(|size| self.next.1 >= *size) {
            self.next = (self.next.0 + 1, 0);
        }
        let place = place(&self.file, RowNumber::Parquet { group: self.next.0, row: self.next.1 });
        match &mut self.batch {
            Some((batch, row)) if *row + 1 < batch.num_rows() => *row += 1,
            _ => match self.reader.next() {
                Some(Ok(batch)) if batch.num_rows() > 0 => self.batch = Some((batch, 0)),
                None | Some(Ok(_)) => {
                    self.is_over = true;
                    return None;
                }
                Some(Err(error)) => {
                    self.is_over = true;
                    return Some(Err(damaged(place, &error)));
                }
            },
        }
        self.next.1 += 1;
        Some(Ok(place))
    }

    fn row(&self, place: Place) -> Row {
        let cells = self.batch.iter().flat_map(|(batch, row)| {
            self.columns.iter().zip(batch.columns()).map(|(name, array)| (name.clone(), cell(array, *row)))
        });
        Row { place, cells: cells.collect() }
    }
}

fn damaged(place: Place, error: &dyn std::fmt::Display) -> DatasetError {
    let mut reason = format!("the Parquet file cannot be read: {error}");
    // The library names the codec that it was built without.
    if reason.contains("Disabled feature") {
        reason += "; of compressions, snappy and none are read";
    }
    DatasetError::Damaged { place, reason }
}

/// One value. Kinds that no benchmark uses (dates, decimals) count as absent.
fn cell(array: &dyn Array, row: usize) -> Cell {
    if array.is_null(row) {
        return Cell::Absent;
    }
    let real = |value: f64| Number::from_f64(value).map_or(Cell::Absent, Cell::Number);
    macro_rules! whole {
        ($kind:ty) => {
            Cell::Number(array.as_primitive::<$kind>().value(row).into())
        };
    }
    match array.data_type() {
        DataType::Utf8 => Cell::Text(array.as_string::<i32>().value(row).to_owned()),
        DataType::LargeUtf8 => Cell::Text(array.as_string::<i64>().value(row).to_owned()),
        DataType::Binary => Cell::Bytes(Arc::new(array.as_binary::<i32>().value(row).to_vec())),
        DataType::LargeBinary => Cell::Bytes(Arc::new(array.as_binary::<i64>().value(row).to_vec())),
        DataType::Boolean => Cell::Flag(array.as_boolean().value(row)),
        DataType::Int8 => whole!(Int8Type),
        DataType::Int16 => whole!(Int16Type),
        DataType::Int32 => whole!(Int32Type),
        DataType::Int64 => whole!(Int64Type),
        DataType::UInt8 => whole!(UInt8Type),
        DataType::UInt16 => whole!(UInt16Type),
        DataType::UInt32 => whole!(UInt32Type),
        DataType::UInt64 => whole!(UInt64Type),
        DataType::Float32 => real(array.as_primitive::<Float32Type>().value(row).into()),
        DataType::Float64 => real(array.as_primitive::<Float64Type>().value(row)),
        DataType::List(_) => cells(&array.as_list::<i32>().value(row)),
        DataType::LargeList(_) => cells(&array.as_list::<i64>().value(row)),
        DataType::Struct(fields) => {
            let columns = array.as_struct().columns().iter();
            let named = fields.iter().zip(columns);
            Cell::Fields(
                named.map(|(field, array)| (field.name().as_str().into(), cell(array, row))).collect(),
            )
        }
        _ => Cell::Absent,
    }
}

fn cells(array: &dyn Array) -> Cell {
    Cell::List((0..array.len()).map(|row| cell(array, row)).collect())
}

impl Rows for ParquetRows {
    fn columns(&self) -> &[Arc<str>] {
        &self.columns
    }

    fn next_row(&mut self) -> Option<Result<Row, DatasetError>> {
        Some(self.advance()?.map(|place| self.row(place)))
    }

    fn skip_row(&mut self) -> Option<Result<(), DatasetError>> {
        Some(self.advance()?.map(|_| ()))
    }

    fn total(&self) -> Option<u64> {
        Some(self.total)
    }
}

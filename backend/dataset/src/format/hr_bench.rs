//! HR-Bench: VLMEvalKit's columns and `cycle_category`, the order of the options; as TSV or Parquet.

use super::{Surroundings, vlmevalkit};
use crate::error::DatasetError;
use crate::row::Row;
use crate::sample::{Sample, Scoring};

pub(super) fn sample(row: Row, surroundings: &Surroundings) -> Result<Sample, DatasetError> {
    let cycle = row.required("cycle_category")?;
    let mut sample = vlmevalkit::sample(row, surroundings)?;
    sample.scoring = Scoring::Cycles { cycle };
    Ok(sample)
}

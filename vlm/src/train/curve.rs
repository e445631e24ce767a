//! The learning curve: a table that grows by one line a validation, and its plot.

use super::plan::Stage;
use crate::error::{Error, Result};
use flipside_shared::chart::{Series, learning_curve};
use std::path::Path;

const TABLE: &str = "learning_curve.csv";
const PLOT: &str = "learning_curve.svg";

/// One accuracy: `stage, step, pictures, name, accuracy`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) stage: String,
    pub(super) step: u64,
    /// Pictures seen in the whole run so far.
    pub(super) pictures: u64,
    pub(super) name: String,
    pub(super) accuracy: f64,
}

/// All points of a run so far.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Curve(pub(super) Vec<Point>);

impl Curve {
    /// Reads the folder's table and keeps what was before `stage` and `step`; empty when there is none.
    pub(super) fn resume(folder: &Path, stage: Stage, step: u64) -> Self {
        let text = std::fs::read_to_string(folder.join(TABLE)).unwrap_or_default();
        let later =
            |name: &str| Stage::ALL.iter().skip_while(|s| **s != stage).skip(1).any(|s| s.name() == name);
        let mut points: Vec<Point> = text.lines().skip(1).filter_map(parse).collect();
        points.retain(|p| !later(&p.stage) && (p.stage != stage.name() || p.step <= step));
        Self(points)
    }

    /// Writes table and plot.
    pub(super) fn save(&self, folder: &Path) -> Result<()> {
        let mut table = String::from("stage,step,pictures,name,accuracy\n");
        for p in &self.0 {
            table += &format!("{},{},{},{},{:.4}\n", p.stage, p.step, p.pictures, p.name, p.accuracy);
        }
        for (name, text) in [(TABLE, table), (PLOT, self.plot())] {
            let path = folder.join(name);
            std::fs::write(&path, text).map_err(|source| Error::Io { path, source })?;
        }
        Ok(())
    }

    /// One line per question kind over thousands of pictures.
    pub(super) fn plot(&self) -> String {
        let mut series: Vec<Series> = Vec::new();
        for point in self.0.iter().filter(|p| p.stage != Stage::Dense.name()) {
            let at = (point.pictures as f64 / 1000.0, point.accuracy);
            match series.iter_mut().find(|s| s.name == point.name) {
                Some(line) => line.points.push(at),
                None => series.push(Series { name: point.name.clone(), points: vec![at] }),
            }
        }
        learning_curve("Accuracy on validation scenes", "thousand pictures seen", &series)
    }
}

fn parse(line: &str) -> Option<Point> {
    let mut cells = line.split(',');
    Some(Point {
        stage: cells.next()?.to_owned(),
        step: cells.next()?.parse().ok()?,
        pictures: cells.next()?.parse().ok()?,
        name: cells.next()?.to_owned(),
        accuracy: cells.next()?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resumed_curve_forgets_what_will_come_again() {
        let folder = std::env::temp_dir().join(format!("flipside-curve-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let point = |stage: Stage, step| Point {
            stage: stage.name().to_owned(),
            step,
            pictures: step * 24,
            name: "count".to_owned(),
            accuracy: 0.5,
        };
        let all = [
            point(Stage::Dense, 10),
            point(Stage::Language, 10),
            point(Stage::Language, 20),
            point(Stage::Joint, 5),
        ];
        Curve(all.to_vec()).save(&folder).unwrap();
        let resumed = Curve::resume(&folder, Stage::Language, 10);
        assert_eq!(resumed.0, all[..2]);
        assert!(resumed.plot().contains("count"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

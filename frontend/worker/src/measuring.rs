//! All metrics of the picture at hand: pixels and spectra measured here, the rest as the server measured it, made ready to
//! be shown. What rests on pixels alone is kept until the next recipe, and the clean spectrum until the next picture.

use flipside_shared::api::TokenMaps;
use flipside_shared::chart::{BandBar, ChartLabels, HeatMap, MarkSeries, band_bars, heat_map, line_chart};
use flipside_shared::decimal::{parse, significant};
use flipside_shared::json::{self, FromJson};
use flipside_shared::metrics::at_hand::{
    Measured, NOISE_BANDS, UNDEFINED, along_curve, bands, frequencies, pictures, question_boxes,
};
use flipside_shared::metrics::difference::Difference;
use flipside_shared::metrics::spectrum::bands::Bands;
use flipside_shared::metrics::spectrum::picture::PictureSpectrum;
use flipside_shared::raster::Raster;
use flipside_shared::scene::{QuestionSpec, Scene};
use flipside_shared::worker_protocol::{Measure, Shown};
use std::rc::Rc;

/// Significant digits of a value.
const DIGITS: u32 = 4;

/// The pictures of one recipe and what is asked about them.
pub struct Pair<'a> {
    /// The clean picture.
    pub clean: &'a Rc<Raster>,
    /// The perturbed picture.
    pub perturbed: &'a Raster,
    /// How far they are apart.
    pub difference: &'a Difference,
    /// Of a scene: it, and a question about it.
    pub about: Option<&'a (Rc<Scene>, QuestionSpec)>,
}

/// What is kept between two requests.
#[derive(Default)]
pub struct Measuring {
    clean: Option<CleanSpectrum>,
    pixels: Option<(u32, Vec<Measured>, Option<String>)>,
}

struct CleanSpectrum {
    of: Rc<Raster>,
    spectrum: PictureSpectrum,
    bands: [Bands; 3],
}

impl Measuring {
    /// Measures and shows.
    pub fn measure(&mut self, measure: &Measure, pair: &Pair<'_>) -> Vec<Shown> {
        if self.pixels.as_ref().is_none_or(|(of, ..)| *of != measure.applied) {
            let boxes = pair.about.map(|(scene, spec)| question_boxes(scene, spec, pair.clean.width_px));
            let mut values =
                pictures(pair.clean, pair.perturbed, pair.difference, &boxes.unwrap_or_default());
            let chart = self.spectra(pair, &mut values);
            self.pixels = Some((measure.applied, values, chart));
        }
        let (mut values, chart) = match &self.pixels {
            Some((_, values, chart)) => (values.clone(), chart.clone()),
            None => Default::default(),
        };
        let mut charts = vec![("band_energy", chart)];
        for event in &measure.events {
            // Read by what it holds: the readers of all that an event can be weigh more here than all the rest.
            let Ok(event) = json::parse(event) else { continue };
            values.extend(event.field::<Vec<Measured>>("values").unwrap_or_default());
            if let Ok(maps) = TokenMaps::from_json(&event) {
                charts.push(("token_energy", heat(&maps, &maps.energy)));
                charts.push(("token_drift", heat(&maps, &maps.drift)));
            }
        }
        values.extend(along_curve(measure.answer, &measure.curve).unwrap_or_default());
        charts.extend(keep_curves(&values));
        charts.push(("band_noise_flips", noise_curve(&values)));
        let chart = |(id, chart): (&str, Option<String>)| {
            chart.map(|chart| Shown { id: id.to_owned(), chart: Some(chart), ..Shown::default() })
        };
        values.iter().map(line).chain(charts.into_iter().filter_map(chart)).collect()
    }

    /// Adds the spectral metrics, and draws the bands. A picture without pixels has none.
    fn spectra(&mut self, pair: &Pair<'_>, values: &mut Vec<Measured>) -> Option<String> {
        if self.clean.as_ref().is_none_or(|clean| !Rc::ptr_eq(&clean.of, pair.clean)) {
            let spectrum = PictureSpectrum::of(pair.clean).ok()?;
            let bands = bands(spectrum.size());
            self.clean = Some(CleanSpectrum { of: pair.clean.clone(), spectrum, bands });
        }
        let clean = self.clean.as_ref()?;
        let perturbed = PictureSpectrum::of_perturbed(pair.clean, pair.perturbed).ok()?;
        let measured = frequencies(&clean.spectrum, &perturbed, &clean.bands).ok()?;
        let [by_logarithm, ..] = &clean.bands;
        let radii = by_logarithm.edges.windows(2);
        let energies = measured.iter().filter(|value| value.id == "band_energy");
        let bars: Vec<BandBar> = radii
            .zip(energies)
            .filter_map(|(radii, energy)| {
                Some(BandBar { radii: (radii[0], radii[1]), clean: energy.clean?, perturbed: energy.value? })
            })
            .collect();
        values.extend(measured);
        Some(band_bars(&bars))
    }
}

fn line(value: &Measured) -> Shown {
    let number = |value: Option<f64>| value.map(|value| significant(value, DIGITS));
    Shown {
        id: value.id.clone(),
        part: value.part.clone(),
        was: number(value.clean),
        is: value.word.clone().or_else(|| number(value.value)).unwrap_or_else(|| UNDEFINED.to_owned()),
        chart: None,
    }
}

fn heat(maps: &TokenMaps, values: &[f32]) -> Option<String> {
    let map = HeatMap { title: "", rows: maps.rows, columns: maps.columns, values, top: None };
    (!values.is_empty()).then(|| heat_map(&map))
}

/// The margin along the cutoffs of each filter, so far.
fn keep_curves(values: &[Measured]) -> [(&'static str, Option<String>); 2] {
    let curve = |id: &'static str| {
        let points = values.iter().filter(|value| value.id == id);
        let points = points.filter_map(|value| parse(&value.part).zip(value.value));
        (id, lines("nats", vec![MarkSeries::plain("", points)]))
    };
    [curve("low_pass_margin"), curve("high_pass_margin")]
}

/// The share of flips along the levels of noise, a line for each band.
fn noise_curve(values: &[Measured]) -> Option<String> {
    let of = |(band, ..): (&str, f64, f64)| {
        let part = |value: &Measured| {
            let level = value.part.strip_prefix(band)?.strip_prefix(", ")?.strip_suffix("/255")?;
            parse(level).zip(value.value)
        };
        let points = values.iter().filter(|value| value.id == "band_noise_flips").filter_map(part);
        MarkSeries::plain(band, points)
    };
    lines("1/255", NOISE_BANDS.map(of).into())
}

/// A chart once there is something to draw a line through.
fn lines(unit: &str, series: Vec<MarkSeries>) -> Option<String> {
    let any = series.iter().any(|line| line.marks.len() > 1);
    any.then(|| line_chart(ChartLabels { title: "", x: "", y: unit }, &series))
}

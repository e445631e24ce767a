//! Move, dim and soften the sun, relative to the scene's own.

use crate::recipe::{OperationGroup, OperationSchema, ParamKind, ParamSchema};
use crate::scene::Scene;
use serde::{Deserialize, Serialize};

/// Change of the light. The renderer holds the sums within their ranges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Light {
    /// Added to the sun's azimuth, degrees.
    pub azimuth_deg: f64,
    /// Added to the sun's elevation, degrees.
    pub elevation_deg: f64,
    /// Factor on the strength of sun and sky.
    pub intensity: f64,
    /// Added to the sun's angular radius, degrees: more is softer.
    pub softness_deg: f64,
}

impl Light {
    /// The declaration.
    pub const SCHEMA: OperationSchema = OperationSchema {
        id: "light",
        group: OperationGroup::Scene,
        title: "Light",
        summary: "Moves, dims or softens the light.",
        citation: "this project's scene world",
        params: &[
            ParamSchema::new(
                "azimuth_deg",
                "Azimuth",
                "°",
                ParamKind::Number { min: -180.0, max: 180.0, step: 1.0, default: 60.0, identity: 0.0 },
            ),
            ParamSchema::new(
                "elevation_deg",
                "Elevation",
                "°",
                ParamKind::Number { min: -60.0, max: 60.0, step: 1.0, default: 0.0, identity: 0.0 },
            ),
            ParamSchema::new(
                "intensity",
                "Intensity",
                "×",
                ParamKind::Number { min: 0.0, max: 2.5, step: 0.05, default: 1.0, identity: 1.0 },
            ),
            ParamSchema::new(
                "softness_deg",
                "Softness",
                "°",
                ParamKind::Number { min: -20.0, max: 20.0, step: 0.5, default: 0.0, identity: 0.0 },
            ),
        ],
    };

    /// Edits the scene.
    pub fn apply(&self, scene: &mut Scene) {
        let light = &mut scene.light;
        light.azimuth_deg += self.azimuth_deg as f32;
        light.elevation_deg += self.elevation_deg as f32;
        light.strength *= self.intensity as f32;
        light.ambient *= self.intensity as f32;
        light.softness_deg += self.softness_deg as f32;
    }
}

//! Move the camera around the scene, relative to where it stands.

use crate::recipe::{OperationGroup, OperationSchema, ParamKind, ParamSchema};
use crate::scene::Scene;
use serde::{Deserialize, Serialize};

/// Change of the camera. The renderer holds the sum within what a camera above ground can do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Camera {
    /// Added to the azimuth, degrees.
    pub azimuth_deg: f64,
    /// Added to the elevation, degrees.
    pub elevation_deg: f64,
    /// Factor on the distance.
    pub distance: f64,
}

impl Camera {
    /// The declaration.
    pub const SCHEMA: OperationSchema = OperationSchema {
        id: "camera",
        group: OperationGroup::Scene,
        title: "Camera",
        summary: "Moves the camera around, above and away from the scene.",
        citation: "this project's scene world",
        params: &[
            ParamSchema::new(
                "azimuth_deg",
                "Azimuth",
                "°",
                ParamKind::Number { min: -180.0, max: 180.0, step: 1.0, default: 20.0, identity: 0.0 },
            ),
            ParamSchema::new(
                "elevation_deg",
                "Elevation",
                "°",
                ParamKind::Number { min: -60.0, max: 60.0, step: 1.0, default: 0.0, identity: 0.0 },
            ),
            ParamSchema::new(
                "distance",
                "Distance",
                "×",
                ParamKind::Number { min: 0.5, max: 2.5, step: 0.05, default: 1.0, identity: 1.0 },
            ),
        ],
    };

    /// Edits the scene.
    pub fn apply(&self, scene: &mut Scene) {
        let camera = &mut scene.camera;
        camera.azimuth_deg += self.azimuth_deg as f32;
        camera.elevation_deg += self.elevation_deg as f32;
        camera.distance *= self.distance as f32;
    }
}

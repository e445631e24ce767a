//! Chinese names for what the operation schemas declare in English. The English stands in the schema alone; a
//! test holds that every word of it has its Chinese here.

use super::Language;
use flipside_shared::recipe::{Choice, OperationGroup, OperationSchema, ParamSchema};

/// Operation: title and summary.
const OPERATIONS: &[(&str, &str, &str)] = &[
    ("translate", "平移", "循环平移:从一边移出的部分从另一边回来。"),
    ("pad_crop", "加边 / 裁剪", "四周加上黑边,或从四周裁掉;画布大小随之改变。"),
    ("scale", "缩放", "用双三次插值缩放图片。"),
    ("scale_pad", "缩小并填充", "缩小后居中放回原尺寸的画布。"),
    ("rotate", "旋转", "旋转图片。"),
    ("text_overlay", "文字覆盖", "在方框里写一行字:误导性的答案、随机字符、空白,或自己的文字。"),
    ("object_pose", "物体姿态", "原地旋转、移动或缩放一个物体。"),
    ("camera", "相机", "让相机绕场景转动、升降、远近移动。"),
    ("light", "光源", "移动、调暗或柔化光源。"),
    ("add_object", "添加物体", "在地面上再放一个物体。"),
    ("remove_object", "移除物体", "拿走一个物体。"),
    ("replace_object", "替换物体", "把一个物体换成另一种形状。"),
    ("recolour_object", "改变颜色", "把一个物体涂成另一种颜色。"),
    ("move_object", "移动物体", "把一个物体放到地面上的某处。"),
    ("gaussian_noise", "高斯噪声", "给每个像素值加上正态噪声。"),
    ("shot_noise", "散粒噪声", "像黑暗中的相机那样,按光子数计光。"),
    ("impulse_noise", "脉冲噪声", "把随机的像素值变成全黑或全白。"),
    ("defocus_blur", "失焦模糊", "像镜头没有对准焦点,用圆盘模糊。"),
    ("glass_blur", "毛玻璃模糊", "像隔着毛玻璃,打乱相邻的像素。"),
    ("motion_blur", "运动模糊", "沿随机方向拖出运动的痕迹。"),
    ("zoom_blur", "变焦模糊", "像相机向前移动,由中心向外拖开。"),
    ("snow", "雪", "让图片发白,并落下雪花。"),
    ("frost", "霜", "在图片上覆盖一层冰霜。"),
    ("fog", "雾", "用雾遮住图片。"),
    ("brightness", "亮度", "让图片变亮。"),
    ("contrast", "对比度", "减弱对比度。"),
    ("elastic_transform", "弹性变形", "每个像素稍稍移动,相邻的像素一起移动。"),
    ("pixelate", "像素化", "缩小图片,再重复像素放大。"),
    ("jpeg_compression", "JPEG 压缩", "压缩成低质量的 JPEG 文件。"),
    ("speckle_noise", "斑点噪声", "加上与像素值成比例的正态噪声。"),
    ("gaussian_blur", "高斯模糊", "用高斯函数模糊。"),
    ("spatter", "飞溅", "镜头上溅了水滴或泥点。"),
    ("saturate", "饱和度", "减少颜色,或加上过多的颜色。"),
];

/// Labels of parameters and choices; the same English has the same Chinese wherever it stands.
const LABELS: &[(&str, &str)] = &[
    ("Severity", "强度等级"),
    ("Shift right", "右移"),
    ("Shift down", "下移"),
    ("Shift back", "后移"),
    ("Border", "边框"),
    ("Factor", "倍数"),
    ("Angle", "角度"),
    ("Fill", "填充颜色"),
    ("Keep the canvas", "保持画布大小"),
    ("Canvas colour", "画布颜色"),
    ("Scale", "缩放"),
    ("Border colour", "边框颜色"),
    ("Resize back", "恢复原尺寸"),
    ("Kind", "类型"),
    ("Letter", "字母"),
    ("Text", "文字"),
    ("Across", "水平位置"),
    ("Down", "垂直位置"),
    ("Text size", "字号"),
    ("Text colour", "文字颜色"),
    ("Box colour", "方框颜色"),
    ("Object", "物体"),
    ("Shape", "形状"),
    ("Colour", "颜色"),
    ("Material", "材质"),
    ("Size", "大小"),
    ("Right", "向右"),
    ("Back", "向后"),
    ("Yaw", "偏航角"),
    ("Pitch", "俯仰角"),
    ("Roll", "滚转角"),
    ("Azimuth", "方位角"),
    ("Elevation", "仰角"),
    ("Distance", "距离"),
    ("Intensity", "强度"),
    ("Softness", "柔和度"),
    ("Semantic: \"Answer is A\"", "语义:“Answer is A”"),
    ("Random characters", "随机字符"),
    ("Empty box", "空白方框"),
    ("Own text", "自己的文字"),
    ("Red", "红"),
    ("Green", "绿"),
    ("Blue", "蓝"),
    ("Yellow", "黄"),
    ("Purple", "紫"),
    ("Cyan", "青"),
    ("Orange", "橙"),
    ("Gray", "灰"),
    ("Cube", "立方体"),
    ("Sphere", "球体"),
    ("Cylinder", "圆柱体"),
    ("Cone", "圆锥体"),
    ("Matte", "哑光"),
    ("Shiny", "光亮"),
    ("Small", "小"),
    ("Large", "大"),
];

fn operation(id: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    OPERATIONS.iter().find(|(known, ..)| *known == id)
}

fn label(language: Language, english: &'static str) -> &'static str {
    match language {
        Language::En => english,
        Language::Zh => LABELS.iter().find(|(en, _)| *en == english).map_or(english, |(_, zh)| zh),
    }
}

/// The title of an operation.
pub fn op_title(language: Language, schema: &OperationSchema) -> &'static str {
    match (language, operation(schema.id)) {
        (Language::Zh, Some((_, title, _))) => title,
        _ => schema.title,
    }
}

/// One sentence on an operation.
pub fn op_summary(language: Language, schema: &OperationSchema) -> &'static str {
    match (language, operation(schema.id)) {
        (Language::Zh, Some((.., summary))) => summary,
        _ => schema.summary,
    }
}

/// The label of a parameter.
pub fn param_label(language: Language, param: &ParamSchema) -> &'static str {
    label(language, param.label)
}

/// The label of a choice.
pub fn choice_label(language: Language, choice: &Choice) -> &'static str {
    label(language, choice.label)
}

/// The title of a group of operations.
pub fn group_title(language: Language, group: OperationGroup) -> &'static str {
    match (language, group) {
        (Language::En, OperationGroup::Pixels) => "Image",
        (Language::En, OperationGroup::Scene) => "Scene",
        (Language::Zh, OperationGroup::Pixels) => "图像",
        (Language::Zh, OperationGroup::Scene) => "场景",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flipside_shared::recipe::{Operation, ParamKind};

    #[test]
    fn every_word_of_the_schemas_is_translated() {
        let known = |english: &str| english.len() <= 1 || LABELS.iter().any(|(en, _)| *en == english);
        let mut missing = Vec::new();
        for schema in Operation::SCHEMAS {
            if operation(schema.id).is_none() {
                missing.push(schema.id);
            }
            for param in schema.params {
                missing.extend((!known(param.label)).then_some(param.label));
                if let ParamKind::Choice { options, .. } = param.kind {
                    missing.extend(options.iter().map(|o| o.label).filter(|label| !known(label)));
                }
            }
        }
        assert!(missing.is_empty(), "without Chinese: {missing:?}");
    }
}

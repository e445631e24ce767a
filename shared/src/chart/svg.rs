//! The only place where text becomes SVG: escaping, numbers and the few shapes that charts are made of.

use crate::decimal::{fixed, shortest, trimmed};
use std::fmt::Write;

/// Text made safe for SVG and HTML, in element content and in quoted attributes.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // Not allowed in XML at all, escaped or not.
            c if c.is_control() && !matches!(c, '\n' | '\t') => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

/// A coordinate with two decimals at most; anything not finite becomes 0.
pub(super) fn coordinate(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    trimmed(&fixed(value, 2)).to_owned()
}

/// Where a text is anchored.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// An SVG document under construction. Every mark takes a class, by which the page restyles it.
pub(super) struct Drawing {
    body: String,
    width: f64,
    height: f64,
    title: String,
}

impl Drawing {
    pub fn new(width: f64, height: f64, title: &str) -> Self {
        Self { body: String::new(), width, height, title: escape(title) }
    }

    fn push(&mut self, mark: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.body.write_fmt(mark);
        self.body.push('\n');
    }

    /// What `draw` draws, as a link where there is an address. Left out of the tabbing order: tables beside the charts
    /// have the same links.
    pub fn linked(&mut self, href: Option<&str>, draw: impl FnOnce(&mut Self)) {
        if let Some(href) = href {
            self.push(format_args!(r#"<a href="{}" tabindex="-1">"#, escape(href)));
        }
        draw(self);
        if href.is_some() {
            self.push(format_args!("</a>"));
        }
    }

    pub fn line(&mut self, class: &str, stroke: &str, from: (f64, f64), to: (f64, f64)) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(coordinate);
        self.push(format_args!(
            r#"<line class="{class}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{stroke}"/>"#
        ));
    }

    pub fn polyline(&mut self, class: &str, stroke: &str, points: &[(f64, f64)]) {
        let path: Vec<String> =
            points.iter().map(|(x, y)| format!("{},{}", coordinate(*x), coordinate(*y))).collect();
        self.push(format_args!(
            r#"<polyline class="{class}" points="{}" fill="none" stroke="{stroke}" stroke-width="2" stroke-linejoin="round"/>"#,
            path.join(" ")
        ));
    }

    /// A dot with a tooltip; `data` is what the page gets when the dot is chosen.
    pub fn dot(&mut self, class: &str, fill: &str, at: (f64, f64), data: f64, tooltip: &str) {
        self.push(format_args!(
            r#"<circle class="{class}" cx="{}" cy="{}" r="3.5" fill="{fill}" data-value="{}"><title>{}</title></circle>"#,
            coordinate(at.0),
            coordinate(at.1),
            shortest(data),
            escape(tooltip)
        ));
    }

    pub fn rect(&mut self, class: &str, fill: &str, corner: (f64, f64), size: (f64, f64), tooltip: &str) {
        let [x, y, w, h] = [corner.0, corner.1, size.0.max(0.0), size.1.max(0.0)].map(coordinate);
        self.push(format_args!(
            r#"<rect class="{class}" x="{x}" y="{y}" width="{w}" height="{h}" fill="{fill}"><title>{}</title></rect>"#,
            escape(tooltip)
        ));
    }

    pub fn text(&mut self, class: &str, fill: &str, at: (f64, f64), anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        self.push(format_args!(
            r#"<text class="{class}" x="{}" y="{}" fill="{fill}" text-anchor="{anchor}">{}</text>"#,
            coordinate(at.0),
            coordinate(at.1),
            escape(text)
        ));
    }

    /// The finished document.
    pub fn finish(self) -> String {
        let (width, height) = (coordinate(self.width), coordinate(self.height));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
             aria-label=\"{title}\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
             <title>{title}</title>\n{body}</svg>\n",
            title = self.title,
            body = self.body
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        let mut drawing = Drawing::new(10.0, 10.0, "\"><script>alert(1)</script>");
        drawing.text("label", "#000", (0.0, 0.0), Anchor::Start, "<img src=x onerror='x'>\u{0}");
        let svg = drawing.finish();
        assert!(!svg.contains("<script") && !svg.contains("<img") && !svg.contains('\u{0}'));
        assert!(svg.contains("&lt;img src=x onerror=&#39;x&#39;&gt;\u{fffd}"));
    }

    #[test]
    fn a_link_is_escaped_and_closed() {
        let mut drawing = Drawing::new(10.0, 10.0, "");
        drawing.linked(Some("/a?b=1&c=\"2"), |d| d.rect("key", "#000", (0.0, 0.0), (1.0, 1.0), ""));
        drawing.linked(None, |d| d.rect("key", "#000", (0.0, 0.0), (1.0, 1.0), ""));
        let svg = drawing.finish();
        assert!(svg.contains(r#"<a href="/a?b=1&amp;c=&quot;2" tabindex="-1">"#));
        assert_eq!((svg.matches("<a ").count(), svg.matches("</a>").count()), (1, 1));
    }

    #[test]
    fn coordinates_are_short_and_finite() {
        assert_eq!(coordinate(1.5), "1.5");
        assert_eq!(coordinate(2.0), "2");
        assert_eq!(coordinate(-0.001), "0");
        assert_eq!(coordinate(f64::NAN), "0");
        assert_eq!(coordinate(f64::INFINITY), "0");
    }
}

//! The heatmap's colors and sizes, one set a theme.

use eframe::egui::Color32;

use crate::figure::contrast;

/// Colors the heatmap is drawn with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Behind the cells; frozen cells fade towards it.
    pub background: Color32,
    /// Row labels and numbers.
    pub text: Color32,
    /// Headings, block numbers, ticks.
    pub weak: Color32,
    /// Lines between groups, the frame of the color bar.
    pub hairline: Color32,
    /// The outline of a chosen cell.
    pub chosen: Color32,
    /// The inspected cell, the keyboard's cell and the rectangle being drawn.
    pub accent: Color32,
    /// A cell whose ratio is infinite.
    pub infinite: Color32,
    /// The line through a cell whose ratio is not a number.
    pub nan: Color32,
    /// A cell that is not scanned yet.
    pub waiting: Color32,
    /// A hand-made mark.
    pub mark: Color32,
    /// The rim that keeps a mark readable on any color.
    pub mark_rim: Color32,
    /// How far a frozen cell fades towards the background, 0 to 1.
    pub fade: f32,
}

impl Look {
    /// For a dark window.
    #[must_use]
    pub const fn dark() -> Self {
        Self {
            background: Color32::from_rgb(24, 25, 28),
            text: Color32::from_rgb(214, 216, 220),
            weak: Color32::from_rgb(142, 146, 154),
            hairline: Color32::from_rgb(52, 54, 60),
            chosen: Color32::from_rgb(255, 255, 255),
            accent: Color32::from_rgb(255, 140, 66),
            infinite: Color32::from_rgb(104, 108, 118),
            nan: Color32::from_rgb(142, 146, 154),
            waiting: Color32::from_rgb(38, 40, 45),
            mark: Color32::from_rgb(255, 255, 255),
            mark_rim: Color32::from_rgb(10, 10, 12),
            fade: 0.58,
        }
    }

    /// For a light window.
    #[must_use]
    pub const fn light() -> Self {
        Self {
            background: Color32::from_rgb(250, 250, 251),
            text: Color32::from_rgb(38, 40, 45),
            weak: Color32::from_rgb(106, 110, 118),
            hairline: Color32::from_rgb(218, 220, 225),
            chosen: Color32::from_rgb(12, 13, 16),
            accent: Color32::from_rgb(214, 84, 0),
            infinite: Color32::from_rgb(0x80, 0x84, 0x8e),
            nan: Color32::from_rgb(120, 124, 132),
            waiting: Color32::from_rgb(236, 237, 240),
            mark: Color32::from_rgb(12, 13, 16),
            mark_rim: Color32::from_rgb(255, 255, 255),
            fade: 0.66,
        }
    }

    /// The one of the mark's two colors that stands out from `color`.
    #[must_use]
    pub fn against(&self, color: Color32) -> Color32 {
        let distance = |ink: Color32| {
            let [a, b] = [ink, color].map(|color| [color.r(), color.g(), color.b()]);
            contrast(a, b)
        };
        if distance(self.mark) >= distance(self.mark_rim) {
            self.mark
        } else {
            self.mark_rim
        }
    }

    /// `color` as a frozen cell shows it.
    #[must_use]
    pub fn faded(&self, color: Color32) -> Color32 {
        let mix = |from: u8, to: u8| {
            (f32::from(from) + (f32::from(to) - f32::from(from)) * self.fade).round() as u8
        };
        Color32::from_rgb(
            mix(color.r(), self.background.r()),
            mix(color.g(), self.background.g()),
            mix(color.b(), self.background.b()),
        )
    }
}

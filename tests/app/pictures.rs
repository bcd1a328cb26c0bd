//! Three pictures of the window, compared with those that a person looked at and kept.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test app pictures` accepts new ones. Drawn by the software
//! renderer alone (mesa's lavapipe), which draws alike on every machine; skipped without it.

use std::panic::catch_unwind;

use eframe::egui::{Theme, vec2};
use eframe::egui_wgpu::RendererOptions;
use eframe::wgpu::{Backend, DeviceType};
use egui_kittest::SnapshotOptions;
use egui_kittest::wgpu::{WgpuTestRenderer, create_render_state, default_wgpu_setup};

use crate::panels::{Content, open};
use crate::require::missing;
use crate::window::builder;

/// Another release of mesa may round a few edges otherwise.
const PIXELS: usize = 200;

/// The software renderer; `None`, with a printed line, where there is none.
fn renderer() -> Option<WgpuTestRenderer> {
    // Without any adapter it panics.
    let drawer =
        catch_unwind(|| create_render_state(default_wgpu_setup(), RendererOptions::PREDICTABLE));
    let info = drawer.as_ref().map(|drawer| drawer.adapter.get_info());
    let software = info
        .as_ref()
        .is_ok_and(|info| info.device_type == DeviceType::Cpu && info.backend == Backend::Vulkan);
    if !software {
        missing(
            "renderer",
            "a software renderer (mesa-vulkan-drivers and libvulkan1)",
        );
        return None;
    }
    drawer.ok().map(WgpuTestRenderer::from_render_state)
}

fn compare(name: &str, content: Content, theme: Theme) {
    let Some(renderer) = renderer() else {
        return;
    };
    let options = SnapshotOptions::new().max_failed_pixels(PIXELS);
    let builder = builder(vec2(1280.0, 800.0), theme)
        .renderer(renderer)
        .with_options(options);
    open(builder, content).snapshot(name);
}

#[test]
fn the_sample_in_the_dark() {
    compare("window_sample_dark", Content::Sample, Theme::Dark);
}

#[test]
fn the_sample_in_the_light() {
    compare("window_sample_light", Content::Sample, Theme::Light);
}

#[test]
fn thousands_of_modules() {
    compare("window_huge_dark", Content::Huge, Theme::Dark);
}

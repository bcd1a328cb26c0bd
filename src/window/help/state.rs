//! The help: topics in plain words, and the made-up layer beside them.

use std::sync::Arc;

use crate::figure::{Chart, Lesson, SHORT, View};
use crate::window::action::Action;
use crate::window::effect::Effect;

/// What the help room can be asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Show the dialog, on its first topic.
    Open,
    /// Show a topic.
    Show(Topic),
    /// Make another layer.
    Make {
        /// Its longer side.
        long: usize,
        /// How many directions of signal are in it.
        planted: usize,
        /// How strong each is.
        strength: f64,
    },
    /// See that part of the picture.
    Zoom(View),
    /// Something outside this room.
    Ask(Effect),
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        Self::Ask(action.into())
    }
}

/// What is explained.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Topic {
    /// The ratio and its threshold.
    #[default]
    Ratio,
    /// The law of noise and its edge.
    Law,
    /// What noise of the same shape gives.
    Control,
    /// How settled a rank is.
    Stability,
    /// What trainers do with a freeze set.
    FreezeSet,
    /// What people ask.
    Questions,
}

impl Topic {
    /// All topics, in the order they are read in.
    pub const ALL: [Self; 6] = [
        Self::Ratio,
        Self::Law,
        Self::Control,
        Self::Stability,
        Self::FreezeSet,
        Self::Questions,
    ];

    /// Its name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Ratio => "SNR and τ",
            Self::Law => "The law of noise",
            Self::Control => "Noise control and excess",
            Self::Stability => "How settled a rank is",
            Self::FreezeSet => "Freeze sets",
            Self::Questions => "Common questions",
        }
    }

    /// Whether the made-up layer is shown beside it.
    #[must_use]
    pub fn has_picture(self) -> bool {
        !matches!(self, Self::FreezeSet | Self::Questions)
    }

    /// Its paragraphs; each with a heading, which may be empty.
    #[must_use]
    pub fn paragraphs(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Ratio => &RATIO,
            Self::Law => &LAW,
            Self::Control => &CONTROL,
            Self::Stability => &STABILITY,
            Self::FreezeSet => &FREEZE_SET,
            Self::Questions => &QUESTIONS,
        }
    }
}

const RATIO: [(&str, &str); 3] = [
    (
        "",
        "A weight matrix has as many singular values S as its shorter side. Spectrum (Hartford et \
         al., arXiv:2406.06623) takes the distance of their quartiles as the scale of the noise, \
         σ̂ = (q75 − q25) / 1.349, and calls what lies above τ = σ̂·(1 + √β) signal; β is the \
         shorter side over the longer.",
    ),
    (
        "",
        "SNR = (sum of S above τ / sum of S at or below τ) / largest S. Dividing by the largest \
         makes it depend on the scale of the weights: it ranks layers of one type within one \
         model and says little between types or models.",
    ),
    (
        "Try it",
        "Make the layer square (β = 1) and then long: τ moves down through the noise until \
         everything, with no signal planted at all, counts as signal.",
    ),
];

const LAW: [(&str, &str); 3] = [
    (
        "",
        "Singular values of pure noise fill a known range, the Marchenko–Pastur law. Its upper \
         edge is S₊ = s(√M + √N) for entries of standard deviation s. Chance takes the largest \
         value a little past it: the 95 % point of Tracy and Widom says how far.",
    ),
    (
        "",
        "Values beyond that point are spikes: they are there because of structure, not by chance. \
         Spectrum's τ is not this edge. It lies inside the noise, or below all of it.",
    ),
    (
        "Try it",
        "Raise the strength: below β^¼ the planted directions do not show at all, above it they \
         leave the bulk as spikes.",
    ),
];

const CONTROL: [(&str, &str); 3] = [
    (
        "",
        "The noise control SNR₀ is the ratio that pure noise of the same shape and entry variance \
         has, from the quantiles of the law. A ratio near its control is explained by noise.",
    ),
    (
        "",
        "Excess = log₂((SNR·S_max) / (SNR₀·S₀_max)) is free of the weights' scale: 0 is what \
         noise gives, each step up is twice as much. Where τ lies below all of the noise there is \
         no control, and the window says that τ separates nothing for this shape.",
    ),
    (
        "Try it",
        "Plant nothing: the excess is 0 whatever the shape. Plant a few strong directions: it \
         moves little, because τ counts most of the noise as signal, too. Spikes see them better.",
    ),
];

const STABILITY: [(&str, &str); 3] = [
    (
        "",
        "The ratio jumps when one singular value crosses τ. So each has an interval: its least \
         and greatest value while τ moves by ±0.5 %. Rounding the weights of a 135M model from \
         f32 to bf16 moved five of its 273 ratios by 0.9 to 9 %.",
    ),
    (
        "",
        "Where the intervals of two layers overlap, their order is not settled by the data. A \
         layer whose interval straddles the cut of its type is marked as a near-tie: choosing the \
         other one would be as well founded.",
    ),
    (
        "Try it",
        "Change the shape a little and watch the interval below the picture.",
    ),
];

const FREEZE_SET: [(&str, &str); 3] = [
    (
        "What it is",
        "The names of the parameters that train; all others are frozen. Spectrum writes the top \
         share of each layer type, and two fixed lines for the output head and the input \
         embedding.",
    ),
    (
        "What goes wrong silently",
        "Each trainer matches the lines with its own rule: from the start of a name, anywhere in \
         it, as a regular expression or not. A line that matches nothing is rarely reported, one \
         that matches too much never. The dry run before an export follows the rule of the \
         trainer you choose and lists what would train.",
    ),
    (
        "What it costs",
        "Gradients and optimizer states are held for what trains, weights for everything. In \
         small models the embedding outweighs a 10 % set; its line is a switch.",
    ),
];

const QUESTIONS: [(&str, &str); 6] = [
    (
        "Why do norms have a ratio of 1.0?",
        "A vector has one singular value. It is its own largest, nothing lies below τ = 0, and \
         S / 1 / S is 1. Among norms a percentage takes the first in the model's order.",
    ),
    (
        "Why are lm_head and embed_tokens always in the set?",
        "Spectrum writes their lines whatever their ratio. Switch them off below the slider; \
         where the two are tied there is only one parameter, and it is the embedding's.",
    ),
    (
        "Does the batch size change the result?",
        "No. In Spectrum's program it says how many layers are computed in one go. The ratio of a \
         matrix depends on that matrix alone.",
    ),
    (
        "Why does QLoRA need less memory than a Spectrum set?",
        "It keeps the base weights in 4 bits and trains small adapters, so gradients and \
         optimizer states are small as well. A Spectrum set holds those of whole matrices. Which \
         ends at the lower loss is for your runs to say: compare them in the Runs tab.",
    ),
    (
        "Does a high ratio mean that training the layer will help?",
        "Not by itself. It says that the sum above τ is large beside the sum below. That such \
         layers are the ones to train is Spectrum's hypothesis; its paper tests it on a few \
         models.",
    ),
    (
        "Why is a ratio infinite or missing?",
        "Infinite: no value at or below τ, in files of older versions of Spectrum's program. \
         Missing: a matrix with NaN, infinity or only zeros in it; the inspector says which.",
    ),
];

/// The help on screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Help {
    /// What is explained.
    pub topic: Topic,
    /// The longer side of the made-up layer.
    pub long: usize,
    /// How many directions are planted in it.
    pub planted: usize,
    /// Their strength θ.
    pub strength: f64,
    /// The layer that this makes, with its picture.
    pub lesson: Option<(Lesson, Arc<Chart>)>,
    /// The part of the picture that is seen.
    pub view: View,
}

impl Default for Help {
    /// Closed: the layer is made when it is opened, not when the program starts.
    fn default() -> Self {
        Self {
            topic: Topic::default(),
            long: 2 * SHORT,
            planted: 8,
            strength: 1.5,
            lesson: None,
            view: View::default(),
        }
    }
}

impl Help {
    /// The help on that topic with that layer.
    #[must_use]
    pub fn new(topic: Topic, long: usize, planted: usize, strength: f64) -> Self {
        let lesson = Lesson::new(long, planted, strength).map(|lesson| {
            let chart = Arc::new(lesson.chart());
            (lesson, chart)
        });
        Self {
            topic,
            long,
            planted,
            strength,
            lesson,
            view: View::default(),
        }
    }

    /// Shows another part of the picture.
    pub(crate) fn zoom(&mut self, view: View) {
        if let Some((_, chart)) = &mut self.lesson {
            *chart = Arc::new(chart.as_ref().clone().zoomed(view));
        }
        self.view = view;
    }
}

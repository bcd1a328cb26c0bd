//! A pickle read as data: what Python would build, never what it would run.
//!
//! Enters: the bytes of a pickle. Leaves: candle's [`Object`], or why the pickle is refused. candle
//! interprets no call; here every instruction is looked at before candle takes it, so that a
//! pickle that names code is refused with the name of what it would have run, and one that is
//! built to blow up costs neither memory nor the stack.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::collections::HashMap;

use candle_core::pickle::{Object, OpCode, Stack};

/// The longest pickle that is read, in bytes: a tensor takes about 200.
pub(super) const MAX_PICKLE: u64 = 1 << 26;
/// The deepest nesting; a checkpoint of a trainer has about ten.
const MAX_DEPTH: usize = 64;
/// The most objects that are built, each counted as often as it is copied.
const MAX_OBJECTS: usize = 1 << 23;
/// What every refusal ends with.
const NOTHING_RUN: &str = "nothing in it was run";

/// What PyTorch's own files name, beside the classes of `torch` that only mark a type.
const ALLOWED: [(&str, &str); 22] = [
    ("collections", "OrderedDict"),
    ("collections", "defaultdict"),
    ("torch._utils", "_rebuild_tensor"),
    ("torch._utils", "_rebuild_tensor_v2"),
    ("torch._utils", "_rebuild_tensor_v3"),
    ("torch._utils", "_rebuild_parameter"),
    ("torch._utils", "_rebuild_parameter_with_state"),
    ("torch._tensor", "_rebuild_from_type_v2"),
    ("torch.nn.parameter", "Parameter"),
    ("torch.nn.parameter", "Buffer"),
    ("torch.storage", "UntypedStorage"),
    ("torch.storage", "TypedStorage"),
    ("torch.serialization", "_get_layout"),
    ("torch", "Size"),
    ("torch", "Tensor"),
    ("torch", "device"),
    ("argparse", "Namespace"),
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy.core.multiarray", "scalar"),
    ("numpy._core.multiarray", "scalar"),
    ("_codecs", "encode"),
];
/// Python's containers, under the module's old and new name.
const BUILT_IN: [&str; 5] = ["set", "frozenset", "dict", "list", "tuple"];

/// Whether naming that class or function is harmless in any reader.
fn is_allowed(module: &str, name: &str) -> bool {
    // `torch.FloatStorage`, `torch.bfloat16`: names of types and nothing more.
    let is_type = module == "torch"
        && (name.ends_with("Storage")
            || [
                "float", "bfloat", "int", "uint", "bool", "complex", "qint", "quint",
            ]
            .iter()
            .any(|start| name.starts_with(start)));
    let is_container = matches!(module, "builtins" | "__builtin__") && BUILT_IN.contains(&name);
    is_type || is_container || ALLOWED.contains(&(module, name))
}

/// Reads the pickle in `bytes`.
///
/// # Errors
/// Why it is refused, as a phrase that says that nothing was run.
pub(super) fn read(bytes: &[u8]) -> Result<Object, String> {
    let mut stack = Stack::empty();
    let mut sizes = Sizes::default();
    let mut reader = bytes;
    loop {
        let at = bytes.len() - reader.len();
        let refuse = |problem: String| {
            format!("its pickle is refused at byte {at}: {problem}; {NOTHING_RUN}")
        };
        let instruction = reader;
        let code = check(instruction).map_err(refuse)?;
        let behind = instruction.get(1..).unwrap_or_default();
        sizes.before(&code, behind).map_err(refuse)?;
        let stopped = stack.read(&mut reader).map_err(|error| {
            // candle's text may bring a backtrace along: the first line is the message.
            let error = error.to_string();
            refuse(error.lines().next().unwrap_or_default().to_owned())
        })?;
        if stopped {
            return stack.finalize().map_err(|error| refuse(error.to_string()));
        }
        let read = instruction.len() - reader.len();
        sizes
            .after(&code, read, stack.stack().len())
            .map_err(refuse)?;
    }
}

/// The instruction at the start of `reader`, where it is one to be carried out.
fn check(reader: &[u8]) -> Result<OpCode, String> {
    let Some((&byte, rest)) = reader.split_first() else {
        return Err("it ends without its last instruction".into());
    };
    let code = OpCode::try_from(byte).map_err(|byte| {
        format!("instruction {byte:#04x} is not one that a file of weights needs")
    })?;
    let first = rest.first().copied().unwrap_or_default();
    match code {
        OpCode::Proto if first != 2 => Err(format!(
            "it is of protocol {first}, not of the 2 that PyTorch writes"
        )),
        OpCode::Global => {
            let mut lines = rest
                .split(|byte| *byte == b'\n')
                .map(String::from_utf8_lossy);
            let module = lines.next().unwrap_or_default();
            let name = lines.next().unwrap_or_default();
            if is_allowed(&module, &name) {
                return Ok(code);
            }
            let full: String = format!("{module}.{name}").chars().take(100).collect();
            Err(format!(
                "it names {}, which is code or a class of some program and no part of weights",
                full.escape_debug()
            ))
        }
        // candle makes room for as many bytes as are claimed.
        OpCode::BinUnicode => match rest.split_first_chunk() {
            Some((length, text)) if u32::from_le_bytes(*length) as usize <= text.len() => Ok(code),
            _ => Err("a text is longer than the pickle".into()),
        },
        // candle shifts bytes into 64 bits, however many there are.
        OpCode::Long1 if first > 8 => Err("a number has more than 64 bits".into()),
        _ => Ok(code),
    }
}

/// Objects that an object holds, itself included, and how deeply they are nested.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    objects: usize,
    depth: usize,
}

/// The sizes of what is on candle's stack and in its memo, kept so as to refuse what grows beyond
/// bounds before it does: the memo copies whatever is put in or taken out.
#[derive(Debug, Default)]
struct Sizes {
    stack: Vec<Size>,
    memo: HashMap<u32, Size>,
    built: usize,
}

impl Sizes {
    /// Counts what the instruction, with `rest` behind it, will copy.
    fn before(&mut self, code: &OpCode, rest: &[u8]) -> Result<(), String> {
        let short = rest.first().map(|byte| u32::from(*byte));
        let long = rest.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
        let (place, put) = match code {
            OpCode::BinPut => (short, true),
            OpCode::LongBinPut => (long, true),
            OpCode::BinGet => (short, false),
            OpCode::LongBinGet => (long, false),
            _ => return Ok(()),
        };
        let place = place.ok_or("it ends inside an instruction")?;
        let size = if put {
            let size = self.stack.last().copied().unwrap_or_default();
            self.memo.insert(place, size);
            size
        } else {
            let size = self.memo.get(&place).copied().unwrap_or_default();
            self.stack.push(size);
            size
        };
        self.count(size.objects)
    }

    /// Follows what the instruction, of `read` bytes, has done to the stack, now of that length.
    fn after(&mut self, code: &OpCode, read: usize, length: usize) -> Result<(), String> {
        match code {
            OpCode::BinPut
            | OpCode::LongBinPut
            | OpCode::BinGet
            | OpCode::LongBinGet
            | OpCode::Proto => return Ok(()),
            _ => {}
        }
        if length > self.stack.len() {
            // Texts take memory by their length.
            let objects = 1 + read / 32;
            self.stack.push(Size { objects, depth: 1 });
            return self.count(objects);
        }
        // What was on top has become part of what is there now.
        let parts = self.stack.split_off(length.saturating_sub(1));
        let holds_already = matches!(
            code,
            OpCode::Append | OpCode::Appends | OpCode::SetItem | OpCode::SetItems
        );
        let deepest = |parts: &[Size]| parts.iter().map(|part| part.depth).max().unwrap_or(0);
        let depth = match parts.split_first() {
            Some((whole, added)) if holds_already => whole.depth.max(deepest(added) + 1),
            _ => deepest(&parts) + 1,
        };
        if depth > MAX_DEPTH {
            return Err(format!("it is nested more than {MAX_DEPTH} deep"));
        }
        let objects = 1 + parts.iter().map(|part| part.objects).sum::<usize>();
        self.stack.push(Size { objects, depth });
        self.count(1)
    }

    fn count(&mut self, objects: usize) -> Result<(), String> {
        self.built = self.built.saturating_add(objects);
        if self.built > MAX_OBJECTS {
            return Err("it builds more objects than the weights of a model take".into());
        }
        Ok(())
    }
}

/// Whether the object is a call that makes a tensor.
pub(super) fn is_tensor(object: &Object) -> bool {
    match object {
        Object::Reduce { callable, args } => match &**callable {
            Object::Class { class_name, .. } if class_name.starts_with("_rebuild_tensor") => true,
            Object::Class { class_name, .. } if class_name.starts_with("_rebuild_") => {
                matches!(&**args, Object::Tuple(args) if !args.is_empty())
            }
            _ => false,
        },
        _ => false,
    }
}

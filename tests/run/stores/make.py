"""Writes the stores of this folder with the loggers' own libraries, and what these read back.

    pip install tensorboard tensorboardX wandb mlflow trackio
    python make.py

Each store holds a run "full": a training loss with NaN and infinity in it, steps 4 to 6 logged again
as after a resumed run, and an evaluation loss. expected.json has, for each store, the series that the
library reads back: lists of [step, value], of a step that was logged twice the later value.
The versions used are in expected.json too.
"""
import json, math, os, pathlib, shutil, sqlite3, sys, tempfile

HERE = pathlib.Path(__file__).parent
LOSS = [(s, 3.0 / (1 + s / 3)) for s in range(7)]
LOSS[2] = (2, math.inf)
AGAIN = [(s, 2.0 / (1 + s / 3)) for s in range(4, 9)]
AGAIN[1] = (5, math.nan)
EVAL = [(3, 1.75), (8, 1.5 + 1e-9)]


def plain(pairs):
    last = {}
    for step, value in pairs:
        last[int(step)] = value
    name = lambda v: 'NaN' if math.isnan(v) else 'Infinity' if v == math.inf else '-Infinity' if v == -math.inf else v
    return [[step, name(value)] for step, value in sorted(last.items())]


def tensorboard(folder):
    from tensorboardX import SummaryWriter
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    folder = folder / 'tensorboard' / 'full'
    for part in (LOSS, AGAIN):
        writer = SummaryWriter(str(folder), filename_suffix='.%d' % part[0][0])
        for step, value in part:
            writer.add_scalar('train/loss', value, step, walltime=1.7e9 + step)
        if part is AGAIN:
            for step, value in EVAL:
                writer.add_scalar('eval/loss', value, step, walltime=1.7e9 + step)
            writer.add_histogram('weights', [0.0, 1.0, 2.0], 8)
            writer.add_text('note', 'a text', 8)
        writer.close()
    found = {}
    for file in sorted(folder.iterdir()):
        read = EventAccumulator(str(file), size_guidance={'scalars': 0})
        read.Reload()
        for tag in read.Tags()['scalars']:
            found.setdefault(tag, []).extend((e.step, e.value) for e in read.Scalars(tag))
    return {tag: plain(pairs) for tag, pairs in found.items()}


def wandb_store(folder):
    os.environ.update(WANDB_MODE='offline', WANDB_SILENT='true', WANDB_DIR=str(folder), WANDB__DISABLE_STATS='true')
    import wandb
    run = wandb.init(project='p', name='full', dir=str(folder), config={'max_steps': 9})
    pairs = LOSS[:4] + AGAIN
    for step, value in pairs:
        row = {'train/loss': value}
        row.update({'eval/loss': v for s, v in EVAL if s == step})
        run.log(row, step=step)
    run.finish()
    source = next(folder.glob('wandb/offline-run-*/*.wandb'))
    (folder / 'wandb-run').mkdir()
    shutil.copy(source, folder / 'wandb-run' / 'run-full.wandb')
    shutil.rmtree(folder / 'wandb')
    # W&B's library has no reader of its file: what was logged is what must be read.
    return {'train/loss': plain(pairs), 'eval/loss': plain(EVAL)}


def mlflow_store(folder, uri):
    import mlflow
    from mlflow.tracking import MlflowClient
    client = MlflowClient(tracking_uri=uri)
    experiment = client.create_experiment('spectrum')
    run = client.create_run(experiment, run_name='full', start_time=1_700_000_000_000)
    for key, pairs in (('train_loss', LOSS + AGAIN), ('eval_loss', EVAL)):
        for at, (step, value) in enumerate(pairs):
            client.log_metric(run.info.run_id, key, value, timestamp=1_700_000_000_000 + 1000 * at, step=step)
    client.set_terminated(run.info.run_id, end_time=1_700_000_100_000)
    found = {}
    for key in ('train_loss', 'eval_loss'):
        history = client.get_metric_history(run.info.run_id, key)
        history.sort(key=lambda metric: metric.timestamp)
        # MLflow reads its largest number back as it stored it; it stands for infinity.
        value = lambda v: math.copysign(math.inf, v) if abs(v) >= sys.float_info.max else v
        found[key] = plain((m.step, value(m.value)) for m in history)
    return found


def trackio_store(folder):
    os.environ.update(TRACKIO_DIR=str(folder / 'trackio'))
    import trackio
    run = trackio.init(project='spectrum', name='full', embed=False)
    pairs = LOSS + AGAIN
    for step, value in pairs:
        trackio.log({'train/loss': value, **({'eval/loss': v for s, v in EVAL if s == step})}, step=step)
    trackio.finish()
    from trackio.sqlite_storage import SQLiteStorage
    found = {}
    for row in SQLiteStorage.get_logs('spectrum', 'full'):
        for key in ('train/loss', 'eval/loss'):
            if row.get(key) is not None:
                found.setdefault(key, []).append((row['step'], float(row[key])))
    return {key: plain(pairs) for key, pairs in found.items()}


def small(database):
    """MLflow's many empty tables take a page each."""
    connection = sqlite3.connect(database)
    connection.execute('PRAGMA journal_mode=DELETE')
    connection.execute('PRAGMA page_size=512')
    connection.execute('VACUUM')
    connection.close()


def main():
    from importlib.metadata import version
    folder = pathlib.Path(tempfile.mkdtemp())
    expected = {}
    def store(name, make):
        try:
            expected[name] = make()
        except Exception as error:  # a library of another version: the others are still made
            print(name, 'was not made:', repr(error), file=sys.stderr)
    store('tensorboard', lambda: tensorboard(folder))
    store('wandb-run', lambda: wandb_store(folder))
    os.environ['MLFLOW_ALLOW_FILE_STORE'] = 'true'
    store('mlruns', lambda: mlflow_store(folder, (folder / 'mlruns').as_uri()))
    store('mlflow.db', lambda: mlflow_store(folder, 'sqlite:///%s' % (folder / 'mlflow.db')))
    store('trackio', lambda: trackio_store(folder))
    for name in expected:
        target = HERE / name
        if target.is_dir():
            shutil.rmtree(target)
        if (folder / name).is_dir():
            shutil.copytree(folder / name, target, ignore=shutil.ignore_patterns('.trash', '*.lock', 'media', 'artifacts', '*-shm', '*-wal'))
        else:
            shutil.copy(folder / name, target)
        for database in [target] if target.suffix == '.db' else target.glob('**/*.db'):
            small(database)
    for file in HERE.glob('mlruns/**/meta.yaml'):
        # Where it lay when it was made says nothing.
        text = file.read_text().replace(str(folder), '/made')
        file.write_text(text)
    names = ['tensorboard', 'tensorboardX', 'wandb', 'mlflow', 'trackio']
    document = {'versions': {name: version(name) for name in names}, 'stores': expected}
    (HERE / 'expected.json').write_text(json.dumps(document, indent=1, sort_keys=True) + '\n')


main()

"""The results as a table or as JSON."""
import json

COLUMNS = ("program", "algorithm", "BLAS, kernels", "threads", "s/epoch", "test", "ratio")


def fastest(programs: list[dict]) -> dict | None:
    peers = [p for p in programs[1:] if "failure" not in p]
    return min(peers, key=lambda p: p["ratio"], default=None)


def cells(row: dict) -> tuple[str, ...]:
    head = (f"{row['program']} {row['version']}", row["algorithm"], row["blas"])
    if "failure" in row:
        return (*head, "", "failed", "", "")
    return (*head, str(row["threads"]), f"{row['seconds_per_epoch']:.4f}", f"{row['test_accuracy']:.4f}",
            f"{row['ratio']:.2f}")


def verdict(programs: list[dict]) -> str:
    peer = fastest(programs)
    if peer is None:
        return "no peer ran"
    points = 100 * (programs[0]["test_accuracy"] - peer["test_accuracy"])
    low, high = min(peer["ratios_of_turns"]), max(peer["ratios_of_turns"])
    return (f"{peer['program']} takes {peer['ratio']:.2f} times as long as fallline "
            f"(single turns {low:.2f} to {high:.2f}); fallline's accuracy is {points:+.2f} points off its")


def as_text(result: dict) -> str:
    machine, task, programs = result["machine"], result["task"], result["programs"]
    rows = [COLUMNS, *(cells(p) for p in programs)]
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = [
        f"machine  {machine['cpu']}, {machine['cores']} cores, {machine['system']}, "
        f"load {machine['load_before']} before",
        f"task     {task['set']}: {task['examples']} x {task['features']} {task['cells']}, "
        f"{task['classes']} classes, {task['test_examples']} to test",
        f"descent  batches of {task['batch_size']}, {task['epochs']} epochs, learning rate "
        f"{task['learning_rate']:g}, {task['threads']} threads, median of {task['repeats']} turns",
        "",
    ]
    for row in rows:
        texts = [cell.ljust(w) for cell, w in zip(row[:3], widths[:3])]
        numbers = [cell.rjust(w) for cell, w in zip(row[3:], widths[3:])]
        lines.append("  ".join(texts + numbers).rstrip())
    lines += ["", f"fastest    {verdict(programs)}"]
    lines += [f"failed     {p['program']}: {p['failure']}" for p in programs if "failure" in p]
    lines += [f"not found  {text}" for text in result["not_found"]]
    return "\n".join(lines) + "\n"


def as_json(result: dict) -> str:
    return json.dumps(result, indent=2) + "\n"

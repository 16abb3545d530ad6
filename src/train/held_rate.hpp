#pragma once

#include <atomic>
#include <fallline/data/parts.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/train/train.hpp>
#include <fallline/workers.hpp>
#include <optional>

namespace fallline {

/// A learning rate with which the run that diverged would have held, found by trying: rates below
/// its own, a third of the last each, for as many epochs as it had begun, at most 3, until two in a
/// row hold: all losses finite, and that of the last epoch's batches no higher than the first
/// batch's. The lower of the two is the answer. None where 12 rates did not hold, which are not to
/// blame then, or `interrupt` came.
[[nodiscard]] std::optional<double> held_rate(const TrainResult& diverged, const Parts& parts,
                                              const Preprocessing& preprocessing, Workers& workers,
                                              const std::atomic<bool>* interrupt);

}  // namespace fallline

#include "data/array_set.hpp"

namespace fallline::data {
namespace {

/// The magic number is weak: a CIFAR record can begin so, too. A file called .bin is one.
bool recognises_idx(const Candidate& candidate) {
  if (candidate.directory) return holds_arrays(candidate, idx_format);
  return is_idx(candidate.head) && candidate.path.extension() != ".bin";
}

Source read_idx(const Candidate& candidate, const OpenOptions& options) {
  return read_array_files(candidate, options, idx_format);
}

}  // namespace

const Reader idx_reader{
    .name = "idx",
    .description = "IDX as MNIST's: a file of images, its labels beside it (gzip or plain)",
    .recognises = recognises_idx,
    .read = read_idx,
};

}  // namespace fallline::data

#include "data/array_set.hpp"

namespace fallline::data {
namespace {

bool recognises_npy(const Candidate& candidate) {
  return candidate.directory ? holds_arrays(candidate, npy_format) : is_npy(candidate.head);
}

Source read_npy(const Candidate& candidate, const OpenOptions& options) {
  return read_array_files(candidate, options, npy_format);
}

}  // namespace

const Reader npy_reader{
    .name = "npy",
    .description = "NumPy arrays: a file of features, its labels beside it (X.npy, y.npy)",
    .recognises = recognises_npy,
    .read = read_npy,
};

}  // namespace fallline::data

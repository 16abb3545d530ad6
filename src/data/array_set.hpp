#pragma once

// A set kept as arrays: features and labels, for training and perhaps for a test.

#include <functional>

#include "data/array.hpp"
#include "data/array_header.hpp"
#include "data/array_name.hpp"
#include "data/reader.hpp"

namespace fallline::data {

/// Reads an array by its name, within a memory limit.
using LoadArray = std::function<Array(const std::string& name, std::uint64_t memory_limit)>;

/// The arrays chosen as a source of format `format`.
[[nodiscard]] Source source_of_arrays(ArrayChoice choice, const LoadArray& load,
                                      std::string_view format, std::uint64_t memory_limit);

/// The set that a file of features and the labels beside it are, or that the files of a directory
/// are. Labels: `options.labels`, else the file whose name says labels where the other's says
/// features, else none.
[[nodiscard]] Source read_array_files(const Candidate& candidate, const OpenOptions& options,
                                      const ArrayFormat& format);

/// Whether a directory holds a file that is named as an array and is of the format.
[[nodiscard]] bool holds_arrays(const Candidate& directory, const ArrayFormat& format);

}  // namespace fallline::data

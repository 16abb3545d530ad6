#pragma once

#include "data/reader.hpp"

namespace fallline::data {

/// Lets two LIBSVM files count their features alike: from 0 where either has an index 0, up to the
/// larger of the last ones. What `options` already says stays.
void agree_on_indices(const Candidate& train, const Candidate& test, OpenOptions& options,
                      std::vector<std::string>& notes);

}  // namespace fallline::data

#include "data/test_part.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fallline/error.hpp>

namespace fallline::data {

void set_test(Source& source, const Dataset& test) {
  const Where where{.file = test.name()};
  if (test.features() != source.train.features())
    throw bad_input(
        where, fmt::format("its examples have {} features, those of {} have {}", test.features(),
                           source.train.name(), source.train.features()));
  if (test.shape() != source.train.shape())
    throw bad_input(where, "its pictures have another shape than those of " + source.train.name());
  if (test.feature_names() != source.train.feature_names())
    throw bad_input(where, "its columns have other names than those of " + source.train.name(),
                    "give both the same header");
  source.test = test.with_classes(source.train.class_names());
}

std::uint64_t memory_beside(const Dataset& used, std::uint64_t memory_limit) {
  if (memory_limit == 0) return 0;
  return std::max<std::uint64_t>(
      1, memory_limit - std::min(memory_limit, std::uint64_t(used.storage_bytes())));
}

}  // namespace fallline::data

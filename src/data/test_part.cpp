#include "data/test_part.hpp"

#include <algorithm>
#include <fallline/data/arrange.hpp>

namespace fallline::data {

void set_test(Source& source, const Dataset& test) {
  Arranged arranged = arrange(test, source.train.schema());
  for (std::string& note : arranged.notes) source.notes.push_back(test.name() + ": " + note);
  source.test = arranged.data.with_classes(source.train.class_names());
}

std::uint64_t memory_beside(const Dataset& used, std::uint64_t memory_limit) {
  if (memory_limit == 0) return 0;
  return std::max<std::uint64_t>(
      1, memory_limit - std::min(memory_limit, std::uint64_t(used.storage_bytes())));
}

}  // namespace fallline::data

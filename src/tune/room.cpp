#include "tune/room.hpp"

#include <fmt/format.h>

#include <fallline/memory.hpp>
#include <fallline/train/plan.hpp>

namespace fallline::tune {

void require_room(const Parts& parts, const TrainOptions& options, std::size_t threads,
                  std::uint64_t more, std::string_view what) {
  const Dataset& data = parts.train;
  const std::uint64_t working = training_bytes(data, options, threads) + more;
  // Under a limit all counts; otherwise the data are in memory already.
  const std::uint64_t stored = options.memory_limit == 0 ? 0 : data.storage_bytes();
  require_memory(working + stored, options.memory_limit,
                 fmt::format("{} on {} examples of {} features in {} classes", what, data.size(),
                             data.features(), data.classes()),
                 "use fewer examples or features, or raise the limit");
}

}  // namespace fallline::tune

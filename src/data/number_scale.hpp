#pragma once

#include <fallline/data/dataset.hpp>
#include <fallline/data/schema.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fallline::data {

/// The range of a set's numbers, by at most a thousand examples, evenly spaced.
[[nodiscard]] NumberScale scale_of(const Dataset& data);

/// That the data have the one range where the model learned from the other: whether pictures were
/// divided by 255 shows in nothing else.
void note_scale(const Dataset& data, NumberScale learned, std::vector<std::string>& notes);

/// What a model file calls it: "bytes", "unit".
[[nodiscard]] std::string_view name_of(NumberScale scale);
[[nodiscard]] std::optional<NumberScale> number_scale(std::string_view name);

}  // namespace fallline::data

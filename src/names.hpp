#pragma once

#include <array>
#include <cstddef>
#include <fallline/error.hpp>
#include <fallline/nearest_name.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace fallline {

/// The values of an enumeration with the names by which a person chooses them.
template <class T, std::size_t N>
struct Names {
  std::string_view what;  ///< what they are, in the singular: "loss"
  std::array<std::pair<T, std::string_view>, N> list;

  [[nodiscard]] constexpr std::string_view name_of(T value) const {
    for (const auto& [known, name] : list)
      if (known == value) return name;
    return "unknown";
  }

  /// @throws Error(usage) that lists the names, and says which is near.
  [[nodiscard]] T value_of(std::string_view name) const {
    for (const auto& [value, known] : list)
      if (known == name) return value;
    std::string choices;
    std::array<std::string_view, N> names;
    for (std::size_t i = 0; i < N; ++i) {
      if (i > 0) choices += i + 1 < N ? ", " : " or ";
      choices += list[i].second;
      names[i] = list[i].second;
    }
    throw usage_error("there is no " + std::string(what) + " '" + std::string(name) + "'",
                      did_you_mean(name, names) + "choose " + choices);
  }
};

}  // namespace fallline

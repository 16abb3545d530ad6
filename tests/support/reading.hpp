#pragma once

#include <gtest/gtest.h>

#include <fallline/data/open.hpp>
#include <fallline/error.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fallline::test {

/// Every cell, row by row.
inline std::vector<float> cells(const Dataset& data) {
  std::vector<float> all;
  for (std::size_t i = 0; i < data.size(); ++i)
    for (std::size_t d = 0; d < data.features(); ++d) all.push_back(data.cell(i, d));
  return all;
}

/// The name of each example's class.
inline std::vector<std::string> classes(const Dataset& data) {
  std::vector<std::string> names;
  for (const std::int32_t label : data.labels())
    names.push_back(data.class_names().at(static_cast<std::size_t>(label)));
  return names;
}

/// Reads every beginning of `whole`, in steps of `step` bytes: each must be refused as bad input,
/// with the file named.
inline void expect_every_prefix_refused(std::string_view whole,
                                        const std::function<void(std::string_view)>& read,
                                        std::size_t step = 1) {
  for (std::size_t length = 0; length < whole.size(); length += step) {
    try {
      read(whole.substr(0, length));
      ADD_FAILURE() << "the first " << length << " bytes were accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_input) << length << " bytes: " << error.what();
      EXPECT_FALSE(error.where().file.empty()) << length << " bytes: " << error.what();
    }
  }
}

}  // namespace fallline::test

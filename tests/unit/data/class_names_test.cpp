#include "data/class_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fallline/error.hpp>

#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline::data {
namespace {

using testing::ElementsAre;

TEST(ClassNames, AreTheLinesThatAreNotEmpty) {
  const test::Scratch scratch;
  EXPECT_THAT(read_class_names(scratch.file("n", "cat\r\n big dog \n\nbird"), 0),
              ElementsAre("cat", "big dog", "bird"));
}

TEST(ClassNames, NoNameOrOneTwiceIsRefused) {
  const test::Scratch scratch;
  for (const char* text : {"", "\n\n", "cat\ndog\ncat\n"}) {
    const auto path = scratch.file("n", text);
    EXPECT_EQ(test::refusal([&path] { return read_class_names(path, 0); }).kind(),
              ErrorKind::bad_input);
  }
}

TEST(ClassNames, TakeTheLabelsThatNumberThem) {
  const LabelMap named = with_names({{0, 1, 0}, {"0", "2"}}, {"a", "b", "c"}, "y");
  EXPECT_THAT(named.labels, ElementsAre(0, 2, 0));
  EXPECT_THAT(named.class_names, ElementsAre("a", "b", "c"));
}

TEST(ClassNames, ALabelThatNumbersNoneIsNamed) {
  for (const char* label : {"3", "-1", "cat", "99999999999999999999"}) {
    const Error error = test::refusal([label] {
      return with_names({{0}, {label}}, {"a", "b", "c"}, "y.npy");
    });
    EXPECT_EQ(error.where().file, "y.npy");
    EXPECT_NE(error.problem().find(label), std::string::npos);
  }
}

}  // namespace
}  // namespace fallline::data

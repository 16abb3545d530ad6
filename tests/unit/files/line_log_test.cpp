#include "files/line_log.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/scratch.hpp"
#include "support/small_files.hpp"

namespace fallline {
namespace {

namespace fs = std::filesystem;

TEST(LineLog, OneThatCannotGrowIsGivenUpWithoutAWordAndHasWholeLines) {
  const test::Scratch scratch;
  LineLog log(scratch / "log");
  const std::string line(999, 'x');
  {
    const test::SmallFiles limit(200'000);
    for (int i = 0; i < 1000; ++i) log.add(line);
    log.commit();
  }
  ASSERT_TRUE(log.trouble().has_value());
  EXPECT_EQ(log.beginning(), "log.partial");
  EXPECT_FALSE(fs::exists(scratch / "log"));
  const std::string left = test::content(scratch / "log.partial");
  EXPECT_GT(left.size(), 100'000U);
  EXPECT_EQ(left.size() % 1000, 0U);
  EXPECT_TRUE(left.ends_with(line + "\n"));
}

TEST(LineLog, GivenUpOrNotItGivesItsRoomBack) {
  const test::Scratch scratch;
  LineLog log(scratch / "log");
  log.add("a");
  EXPECT_TRUE(log.discard());
  EXPECT_FALSE(log.discard());
  EXPECT_TRUE(log.trouble().has_value());
  log.add("b");
  log.commit();
  EXPECT_TRUE(fs::is_empty(scratch.path()));
}

TEST(LineLog, WhatHasItsFinalNameIsNotDiscarded) {
  const test::Scratch scratch;
  LineLog log(scratch / "log");
  log.add("a");
  log.commit();
  EXPECT_FALSE(log.discard());
  EXPECT_FALSE(log.trouble().has_value());
  EXPECT_EQ(test::content(scratch / "log"), "a\n");
}

}  // namespace
}  // namespace fallline

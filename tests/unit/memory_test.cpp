#include <gtest/gtest.h>

#include <fallline/error.hpp>
#include <fallline/memory.hpp>

namespace fallline {
namespace {

TEST(Memory, WhatFitsPassesAndWhatDoesNotIsRefusedWithTheFiguresAndASizeThatWouldFit) {
  EXPECT_NO_THROW(require_memory(1000, 1000, "a set"));
  try {
    require_memory(4 << 20, 1 << 20, "a set", "use fewer examples");
    FAIL() << "4 MiB fitted into 1";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::not_enough_memory);
    EXPECT_STREQ(error.what(),
                 "a set needs 4.0 MiB, and 1.0 MiB is allowed\n"
                 "  about 25 % of it would fit: use fewer examples");
  }
}

TEST(Memory, WithoutALimitTheMachineIsAsked) {
  EXPECT_GT(available_memory(), 1U << 20);
  EXPECT_NO_THROW(require_memory(1 << 20, 0, "a little"));
  EXPECT_THROW(require_memory(std::uint64_t{1} << 60, 0, "an exbibyte"), Error);
}

TEST(Memory, BytesAreWrittenInTheLargestUnitBelowThem) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(1023), "1023 B");
  EXPECT_EQ(format_bytes(1536), "1.5 KiB");
  EXPECT_EQ(format_bytes(std::uint64_t{3} << 40), "3.0 TiB");
}

}  // namespace
}  // namespace fallline

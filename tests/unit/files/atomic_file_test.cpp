#include "files/atomic_file.hpp"

#include <gtest/gtest.h>

#include <fallline/error.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "support/scratch.hpp"

namespace fallline {
namespace {

TEST(AtomicFile, AppearsUnderItsNameOnlyWhenCommitted) {
  const test::Scratch scratch;
  const auto path = scratch / "result.json";
  {
    AtomicFile file(path);
    file.write("{}");
    file.flush();
    EXPECT_FALSE(std::filesystem::exists(path));
    file.commit();
  }
  EXPECT_EQ(test::content(path), "{}");
}

TEST(AtomicFile, WithoutCommitNothingIsLeftAndTheOldFileStays) {
  const test::Scratch scratch;
  const auto path = scratch / "result.json";
  write_file(path, "old");
  {
    AtomicFile file(path);
    file.write("half of the n");
  }
  EXPECT_EQ(test::content(path), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(scratch.path()), {}), 1);
}

TEST(AtomicFile, APlaceThatCannotBeWrittenIsAnOutputError) {
  try {
    const AtomicFile file("/proc/no/such/place");
    FAIL() << "created a file under /proc";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::output);
  }
}

}  // namespace
}  // namespace fallline

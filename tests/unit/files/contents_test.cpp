#include "files/contents.hpp"

#include <gtest/gtest.h>

#include <fallline/error.hpp>
#include <string>

#include "support/gzip.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

std::string text(const Contents& contents) {
  return {reinterpret_cast<const char*>(contents.bytes.data()), contents.bytes.size()};
}

ErrorKind refusal(const std::filesystem::path& path, std::uint64_t limit = 0) {
  try {
    (void)read_contents(path, true, limit);
  } catch (const Error& error) {
    return error.kind();
  }
  ADD_FAILURE() << path << " was accepted";
  return ErrorKind::usage;
}

TEST(Contents, AreTheSameMappedOrUnpacked) {
  const test::Scratch scratch;
  std::string content;
  for (int i = 0; i < 50000; ++i) content += std::to_string(i) + ",";
  EXPECT_EQ(text(read_contents(scratch.file("plain", content), false, 0)), content);
  EXPECT_EQ(text(read_contents(test::write_gzip(scratch / "packed.gz", content), true, 0)),
            content);
}

TEST(Contents, NothingPackedIsNothing) {
  const test::Scratch scratch;
  EXPECT_EQ(text(read_contents(test::write_gzip(scratch / "empty.gz", ""), true, 0)), "");
}

TEST(Contents, StreamsInARowAreJoined) {
  const test::Scratch scratch;
  const std::string one = test::content(test::write_gzip(scratch / "1.gz", "left "));
  const std::string two = test::content(test::write_gzip(scratch / "2.gz", "right"));
  EXPECT_EQ(text(read_contents(scratch.file("both.gz", one + two), true, 0)), "left right");
}

TEST(Contents, EveryTruncationOfAGzipStreamIsRefused) {
  const test::Scratch scratch;
  const std::string whole = test::content(test::write_gzip(scratch / "w.gz", "some contents"));
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_EQ(refusal(scratch.file("cut.gz", whole.substr(0, length))), ErrorKind::bad_input);
}

TEST(Contents, TrailingBytesAfterAGzipStreamAreRefusedWithTheirPlace) {
  const test::Scratch scratch;
  const std::string whole = test::content(test::write_gzip(scratch / "w.gz", "some contents"));
  try {
    (void)read_contents(scratch.file("more.gz", whole + "x"), true, 0);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.where().byte, whole.size());
  }
}

TEST(Contents, ASmallFileThatUnpacksToMuchIsStoppedAtTheLimit) {
  const test::Scratch scratch;
  const auto bomb = test::write_gzip(scratch / "bomb.gz", std::string(10 << 20, '0'));
  EXPECT_EQ(refusal(bomb, 1 << 20), ErrorKind::not_enough_memory);
}

}  // namespace
}  // namespace fallline

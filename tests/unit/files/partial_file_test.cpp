#include "files/partial_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "files/atomic_file.hpp"
#include "support/locked.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::set<std::string> left_in(const fs::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) names.insert(entry.path().filename());
  return names;
}

TEST(PartialFile, WhatAKilledProcessLeftIsReplaced) {
  const test::Scratch scratch;
  scratch.file("a.json.partial", "half of an old on");
  write_file(scratch / "a.json", "{}");
  EXPECT_EQ(test::content(scratch / "a.json"), "{}");
  EXPECT_EQ(left_in(scratch.path()), std::set<std::string>{"a.json"});
}

TEST(PartialFile, ALinkIsNotFollowedWhateverItLeadsTo) {
  const test::Scratch scratch;
  scratch.file("victim", "precious");
  fs::create_directory(scratch / "directory");
  for (const char* target : {"victim", "directory", "nowhere", "a.json.partial"}) {
    fs::create_symlink(target, scratch / "a.json.partial");
    write_file(scratch / "a.json", "{}");
    EXPECT_EQ(test::content(scratch / "victim"), "precious") << target;
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(scratch / "a.json"))) << target;
    EXPECT_EQ(fs::read_symlink(scratch / "a.json.partial"), target);
    EXPECT_FALSE(fs::exists(scratch / "nowhere"));
    fs::remove(scratch / "a.json.partial");
  }
}

TEST(PartialFile, TheOtherNameOfAFileIsNotWrittenThrough) {
  const test::Scratch scratch;
  scratch.file("victim", "precious");
  fs::create_hard_link(scratch / "victim", scratch / "a.json.partial");
  write_file(scratch / "a.json", "{}");
  EXPECT_EQ(test::content(scratch / "victim"), "precious");
}

TEST(PartialFile, DirectoriesAndPipesOfThatNameStay) {
  const test::Scratch scratch;
  scratch.file("a.json.partial/precious", "");
  ASSERT_EQ(::mkfifo((scratch / "b.json.partial").c_str(), 0600), 0);
  write_file(scratch / "a.json", "{}");
  write_file(scratch / "b.json", "{}");
  EXPECT_TRUE(fs::exists(scratch / "a.json.partial" / "precious"));
  EXPECT_TRUE(fs::is_fifo(scratch / "b.json.partial"));
}

TEST(PartialFile, WhatAnotherProcessWritesStaysItsOwn) {
  const test::Scratch scratch;
  const fs::path theirs = scratch.file("a.json.partial", "of a process that lives");
  {
    const test::Locked locked(theirs);
    write_file(scratch / "a.json", "{}");
    EXPECT_EQ(test::content(theirs), "of a process that lives");
  }
  write_file(scratch / "a.json", "{}");
  EXPECT_FALSE(fs::exists(theirs)) << "that process is gone";
}

TEST(PartialFile, TwoWritersOfOneFileHaveANameEachAndTheLastOneStays) {
  const test::Scratch scratch;
  AtomicFile first(scratch / "a.json");
  AtomicFile second(scratch / "a.json");
  first.write("first");
  second.write("second");
  second.commit();
  first.commit();
  EXPECT_EQ(test::content(scratch / "a.json"), "first");
  EXPECT_EQ(left_in(scratch.path()), std::set<std::string>{"a.json"});
}

TEST(PartialFile, EveryNameThatTheFileSystemTakesCanBeWritten) {
  const test::Scratch scratch;
  for (const std::size_t length : {246U, 247U, 248U, 255U}) {
    const fs::path file = scratch / std::string(length, 'n');
    write_file(file, "{}");
    EXPECT_EQ(test::content(file), "{}") << length;
    {  // characters of two bytes are not cut through
      std::string name(length % 2, 'n');
      while (name.size() < length) name += "é";
      AtomicFile accents(scratch / name);
      const std::string partial = accents.partial().filename();
      if (length > 247) {
        EXPECT_THAT(partial, testing::MatchesRegex("n?(é)+-[0-9a-f]+.partial"));
      }
    }
  }
  EXPECT_EQ(left_in(scratch.path()).size(), 4U) << "nothing else is left";
}

TEST(PartialFile, LongNamesThatBeginAlikeHavePartialNamesOfTheirOwn) {
  const std::string a = std::string(254, 'n') + 'a';
  const std::string b = std::string(254, 'n') + 'b';
  EXPECT_NE(partial_name(a, 1, true), partial_name(b, 1, true));
  EXPECT_LE(partial_name(a, 16, true).size(), 100U);
}

TEST(PartialFile, ANameTooLongIsRefusedBeforeAnythingIsWritten) {
  const test::Scratch scratch;
  const Error error =
      test::refusal([&] { const AtomicFile file(scratch / std::string(256, 'n')); });
  EXPECT_EQ(error.kind(), ErrorKind::output);
  EXPECT_THAT(error.problem(), HasSubstr("the name is too long: 256 bytes"));
  EXPECT_TRUE(left_in(scratch.path()).empty());
}

TEST(PartialFile, DirectoriesAndDevicesAreNoTargets) {
  const test::Scratch scratch;
  ASSERT_EQ(::mkfifo((scratch / "pipe").c_str(), 0600), 0);
  fs::create_symlink("/dev/null", scratch / "null");
  for (const fs::path& path : {scratch.path(), scratch / "pipe", scratch / "null"}) {
    EXPECT_EQ(test::refusal([&] { const AtomicFile file(path); }).kind(), ErrorKind::output)
        << path;
  }
  EXPECT_TRUE(fs::is_symlink(scratch / "null"));
}

}  // namespace
}  // namespace fallline

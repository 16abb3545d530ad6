#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fallline/error.hpp>
#include <fallline/train/claimed_directory.hpp>
#include <filesystem>
#include <set>
#include <thread>
#include <vector>

#include "support/locked.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

Error refused(const fs::path& path) {
  return test::refusal([&] { return ClaimedDirectory(path).path(); });
}

TEST(ClaimedDirectory, OneThatCameToNothingLeavesNothingThatWasMadeForIt) {
  const test::Scratch scratch;
  fs::create_directory(scratch / "there");
  {
    const ClaimedDirectory deep(scratch / "a" / "b" / "run");
    const ClaimedDirectory there(scratch / "there");
    EXPECT_TRUE(fs::is_directory(scratch / "a" / "b" / "run"));
  }
  EXPECT_FALSE(fs::exists(scratch / "a"));
  EXPECT_TRUE(fs::exists(scratch / "there")) << "it was there before";
}

TEST(ClaimedDirectory, KeptItStaysAndSoDoesWhatIsInIt) {
  const test::Scratch scratch;
  {
    ClaimedDirectory kept(scratch / "kept");
    kept.keep();
    const ClaimedDirectory used(scratch / "used");
    scratch.file("used/notes.txt", "");
  }
  EXPECT_TRUE(fs::exists(scratch / "kept"));
  EXPECT_TRUE(fs::exists(scratch / "used" / "notes.txt"));
}

TEST(ClaimedDirectory, TheSecondClaimOfADirectoryIsRefusedWhileTheFirstLives) {
  const test::Scratch scratch;
  {
    const ClaimedDirectory first(scratch / "run");
    const Error error = refused(scratch / "run");
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.problem(), HasSubstr("another run is writing in"));
    EXPECT_TRUE(fs::exists(scratch / "run")) << "it is not the second one's";
  }
  const ClaimedDirectory third(scratch / "run");
  EXPECT_EQ(third.path(), scratch / "run");
}

TEST(ClaimedDirectory, ALinkAndItsTargetAreOneDirectory) {
  const test::Scratch scratch;
  fs::create_directory(scratch / "run");
  fs::create_directory_symlink("run", scratch / "link");
  const ClaimedDirectory first(scratch / "link");
  EXPECT_EQ(refused(scratch / "run").kind(), ErrorKind::usage);
}

TEST(ClaimedDirectory, AClaimThatMovesStaysOne) {
  const test::Scratch scratch;
  ClaimedDirectory first(scratch / "run");
  const ClaimedDirectory second = std::move(first);
  EXPECT_EQ(refused(scratch / "run").kind(), ErrorKind::usage);
}

TEST(ClaimedDirectory, NothingThatARunWouldReplaceMayBeThere) {
  for (const char* name : {"run.toml", "history.jsonl", "epochs.jsonl", "templates.png",
                           "model.safetensors", "summary.json"}) {
    const test::Scratch scratch;
    scratch.file(std::string("run/") + name, "precious");
    EXPECT_EQ(refused(scratch / "run").kind(), ErrorKind::usage) << name;
    EXPECT_EQ(test::content(scratch / "run" / name), "precious");
  }
}

TEST(ClaimedDirectory, WhatAKilledRunLeftSaysSoAndPartialFilesAloneAreNone) {
  const test::Scratch scratch;
  scratch.file("killed/run.toml", "");
  scratch.file("killed/history.jsonl.partial", "");
  EXPECT_THAT(refused(scratch / "killed").problem(),
              HasSubstr("the beginning of a run that did not come to its end"));
  scratch.file("empty/run.toml.partial", "");
  scratch.file("empty/sweep-lr.json", "{}");
  const ClaimedDirectory usable(scratch / "empty");
  EXPECT_EQ(usable.path(), scratch / "empty");
}

TEST(ClaimedDirectory, FreshOnesOfOneSecondHaveANameEach) {
  const test::Scratch scratch;
  std::vector<std::thread> threads;
  std::vector<std::vector<ClaimedDirectory>> claims(4);
  for (auto& mine : claims)
    threads.emplace_back([&mine, &scratch] {
      for (int i = 0; i < 25; ++i)
        mine.push_back(ClaimedDirectory::fresh(scratch / "deep" / "runs"));
    });
  for (std::thread& thread : threads) thread.join();
  std::set<fs::path> paths;
  for (const auto& mine : claims)
    for (const ClaimedDirectory& claim : mine) paths.insert(claim.path());
  EXPECT_EQ(paths.size(), 100U);
  for (const fs::path& path : paths) EXPECT_TRUE(fs::is_directory(path)) << path;
  claims.clear();
  for (const fs::path& path : paths) EXPECT_FALSE(fs::exists(path)) << path;
}

TEST(ClaimedDirectory, WhatCannotBeMadeIsAnOutputError) {
  const test::Scratch scratch;
  scratch.file("file", "");
  for (const fs::path& path : {scratch / "file", scratch / "file" / "run", fs::path("/proc/run")})
    EXPECT_EQ(refused(path).kind(), ErrorKind::output) << path;
}

}  // namespace
}  // namespace fallline

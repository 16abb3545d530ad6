#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tool.hpp"

namespace fallline::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::set<std::string> names_in(const fs::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) names.insert(entry.path().filename());
  return names;
}

/// Waits until there is such a file, some minutes at most.
bool appears(const fs::path& path) {
  for (int i = 0; i < 12000 && !fs::exists(path); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return fs::exists(path);
}

TEST(Places, TheSecondRunIntoADirectoryIsRefusedAtItsStartWhileTheFirstReadsOrRuns) {
  const Tool tool;
  const std::string set = tool.tiny_set();
  for (const std::vector<std::string>& first :
       {std::vector<std::string>{"train", set, "--epochs", "1000000", "-q", "-o", "run"},
        {"search", "random", set, "--tries", "100000000", "-q", "-o", "run"}}) {
    Process running = tool.start(first);
    ASSERT_TRUE(appears(tool.scratch() / "run"));
    for (const std::vector<std::string>& second :
         {std::vector<std::string>{"train", set, "-o", "run"},
          {"search", "local", set, "-o", "run"},
          {"search", "all", set, "-o", "run"}}) {
      const Outcome refused = Process(tool.scratch().path(),
                                      [&] {
                                        std::vector<std::string> words = second;
                                        words.insert(words.begin(), FALLLINE_TOOL);
                                        return words;
                                      }())
                                  .wait();
      EXPECT_EQ(refused.status, 2) << refused.err;
      EXPECT_NE(refused.err.find("another run is writing in run"), std::string::npos)
          << refused.err;
    }
    ASSERT_TRUE(appears(tool.scratch() / "run" / "history.jsonl.partial"));
    running.send(SIGINT);
    EXPECT_EQ(running.wait().status, 130);
    EXPECT_EQ(tool({"evaluate", "run", "-q"}).status, 0);
    fs::remove_all(tool.scratch() / "run");
  }
}

TEST(Places, RunsOfOneSecondHaveADefaultDirectoryEach) {
  const Tool tool;
  const std::string fallline = FALLLINE_TOOL;
  const std::string set = tool.tiny_set();
  const Outcome outcome =
      Process(
          tool.scratch().path(),
          {"/bin/sh", "-c",
           "for s in 1 2 3 4; do " + fallline + " train " + set +
               " --epochs 1 -q --threads 1 --seed $s >/dev/null || echo failed & done; " +
               fallline + " search all " + set + " --tries 2 -q >/dev/null || echo failed; wait"})
          .wait();
  EXPECT_EQ(outcome.out, "");
  std::set<std::string> seeds;
  for (const auto& entry : fs::directory_iterator(tool.scratch() / "runs")) {
    const fs::path& run = entry.path();
    if (fs::exists(run / "local")) continue;
    const json summary = json::parse(content(run / "summary.json"), nullptr, false);
    const std::string seed = summary["configuration"]["seed"].dump();
    EXPECT_NE(content(run / "run.toml").find("seed = " + seed), std::string::npos)
        << content(run / "run.toml");
    seeds.insert(seed);
  }
  EXPECT_EQ(seeds.size(), 4U);
  EXPECT_EQ(names_in(tool.scratch() / "runs").size(), 5U);
}

TEST(Places, ARunThatCannotBeginLeavesNoDirectory) {
  const Tool tool;
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"train", "nowhere.csv"}, {"search", "all", "nowhere.csv"}})
    EXPECT_EQ(tool(words).status, 3);
  EXPECT_EQ(tool({"train", "nowhere.csv", "-o", "a/b/c"}).status, 3);
  EXPECT_FALSE(fs::exists(tool.scratch() / "runs"));
  EXPECT_FALSE(fs::exists(tool.scratch() / "a"));
}

TEST(Places, WhatARunLeftThatWasKilledIsRefusedByThatNameAndAnotherPlaceWorks) {
  const Tool tool;
  Process process =
      tool.start({"train", tool.tiny_set(), "--epochs", "1000000", "-q", "-o", "run"});
  ASSERT_TRUE(appears(tool.scratch() / "run" / "run.toml"));
  process.send(SIGKILL);
  (void)process.wait();
  const Outcome again = tool({"train", "tiny", "--epochs", "1", "-o", "run"});
  EXPECT_EQ(again.status, 2);
  EXPECT_NE(again.err.find("the beginning of a run"), std::string::npos) << again.err;
  EXPECT_EQ(tool({"train", "tiny", "--epochs", "1", "-o", "other"}).status, 0);
}

/// Commands that write a file that somebody names, up to that name.
struct Writes {
  std::vector<std::string> words;
  std::string own;  ///< a name that it takes
};

TEST(Places, WhatIsNotTheirsIsRefusedBeforeTheWorkAndStays) {
  const Tool tool;
  const std::string set = tool.tiny_set();
  ASSERT_EQ(tool({"train", set, "--epochs", "1", "-q", "-o", "run"}).status, 0);
  const std::vector<Writes> all{
      {{"sweep", "lr", set, "--trial-epochs", "0", "-q", "--output"}, "x.json"},
      {{"sweep", "lr", set, "--mode", "range", "-q", "--output"}, "x.json"},
      {{"sweep", "lr", set, "--trial-epochs", "0", "-q", "--plot"}, "x.svg"},
      {{"sweep", "batch-size", "16,64", set, "--epochs", "1", "-q", "--output"}, "x.json"},
      {{"sweep", "batch-size", "16,64", set, "--epochs", "1", "-q", "--plot"}, "x.svg"},
      {{"sweep", "gradient-noise", set, "--largest", "4", "--draws", "2", "--copies", "0", "-q",
        "--output"},
       "x.json"},
      {{"sweep", "gradient-noise", set, "--largest", "4", "--draws", "2", "--copies", "0", "-q",
        "--plot"},
       "x.svg"},
      {{"sweep", "train", set, "--epochs", "1", "--lr", "0.1,0.2", "-q", "--output"}, "x.json"},
      {{"search", "random", set, "--tries", "2", "-q", "--output"}, "x.json"},
      {{"gradcheck", set, "--coordinates", "10", "-q", "--output"}, "x.json"},
      {{"landscape", "run", "--directions", "random", "--points", "3", "-q", "--output"}, "x.json"},
      {{"landscape", "run", "--directions", "random", "--points", "3", "-q", "--plot"}, "x.svg"},
      {{"paths", set, "--runs", "batch", "--batch-steps", "2", "--points", "3", "-q", "--output"},
       "x.json"},
      {{"smooth", "run", "-q", "--plot"}, "x.svg"},
      {{"bench", "--what", "epoch", "--examples", "100,200", "--repeats", "1", "-q", "--chart"},
       "x.svg"},
      {{"export", "run"}, "x.onnx"},
      {{"data", "make", "made", "--train", "100", "--test", "10", "--overwrite", "--preview"},
       "x.png"}};
  for (const Writes& writes : all) {
    const bool flagged = writes.words[0] == "export" || writes.words[0] == "data";
    const std::string label = writes.words[0] + " " + writes.words[1] + " " + writes.words.back();
    const auto with = [&](const std::string& file) {
      std::vector<std::string> words = writes.words;
      words.push_back(file);
      return tool(words);
    };
    for (const char* taken : {"precious", "empty directory"}) {
      const fs::path file = tool.scratch() / writes.own;
      fs::remove_all(file);
      if (taken == std::string("precious"))
        (void)tool.scratch().file(writes.own, "precious");
      else
        fs::create_directory(file);
      if (writes.words[0] == "data") continue;  // it was asked to overwrite
      const Outcome refused = with(writes.own);
      EXPECT_EQ(refused.status, 1) << label << refused.err;
      EXPECT_EQ(refused.out, "") << label;
      EXPECT_EQ(fs::is_directory(file) ? "precious" : content(file), "precious") << label;
    }
    fs::remove_all(tool.scratch() / writes.own);
    EXPECT_EQ(with(writes.own).status, 0) << label;
    if (flagged) continue;
    EXPECT_EQ(with(writes.own).status, 0) << label << ": its own it replaces";
    fs::remove(tool.scratch() / writes.own);
    EXPECT_EQ(with("no/such/" + writes.own).status, 1) << label;
  }
}

TEST(Places, APreviewThatExistsIsKeptUnlessAskedFor) {
  const Tool tool;
  (void)tool.scratch().file("p.png", "precious");
  const std::vector<std::string> words{"data",   "make", "set",       "--train", "100",
                                       "--test", "10",   "--preview", "p.png"};
  EXPECT_EQ(tool(words).status, 1);
  EXPECT_EQ(content(tool.scratch() / "p.png"), "precious");
  EXPECT_FALSE(fs::exists(tool.scratch() / "set")) << "before the work";
}

TEST(Places, AReportReplacesNothingButReportsAndFollowsNoLink) {
  const Tool tool;
  ASSERT_EQ(tool({"train", tool.tiny_set(), "--epochs", "1", "-q", "-o", "run"}).status, 0);
  const Outcome first = tool({"report", "run", "-q", "--no-data"});
  if (first.status == 2) GTEST_SKIP() << "this program was built without the page";
  EXPECT_EQ(tool({"report", "run", "-q", "--no-data"}).status, 0);
  for (const char* name : {"run/run.toml", "run/model.safetensors", "run/summary.json"}) {
    const std::string before = content(tool.scratch() / name);
    EXPECT_EQ(tool({"report", "run", "-q", "--no-data", "-o", name}).status, 1) << name;
    EXPECT_EQ(content(tool.scratch() / name), before);
  }
  (void)tool.scratch().file("victim", "precious");
  fs::create_symlink("../victim", tool.scratch() / "run" / "report.html.partial");
  EXPECT_EQ(tool({"report", "run", "-q", "--no-data"}).status, 0);
  EXPECT_EQ(content(tool.scratch() / "victim"), "precious");
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(tool.scratch() / "run" / "report.html")));
}

/// A run on a disk of so many KiB, by a user who may mount one; nothing where that is not allowed.
Outcome on_a_small_disk(const Tool& tool, const std::string& size, const std::string& command) {
  fs::create_directory(tool.scratch() / "disk");
  return Process(tool.scratch().path(),
                 {"/usr/bin/unshare", "-m", "/bin/sh", "-c",
                  "mount -t tmpfs -o size=" + size + " tmpfs disk || exit 77; " +
                      std::string(FALLLINE_TOOL) + " " + command +
                      "; echo exit $?; mkdir kept && cp -r disk/. kept"})
      .wait();
}

TEST(Places, AFullDiskCostsTheHistoriesAndNotTheModel) {
  const Tool tool;
  const std::string set = tool.tiny_set();
  (void)tool.scratch().file("four.csv", "a,label\n1,x\n2,x\n-1,y\n-2,y\n");
  for (const std::string& command :
       {"train " + set + " --epochs 4000 --lr 0.001 -b 100 -q -o disk/run",
        "train " + set + " --epochs 4000 --lr 0.001 -b full -q -o disk/run",
        std::string("search random four.csv --test-share 0 --tries 20000 -q -o disk/run")}) {
    fs::remove_all(tool.scratch() / "kept");
    const Outcome outcome = on_a_small_disk(tool, "400k", command);
    if (outcome.status == 77 || outcome.status == 127 || outcome.status == 1)
      GTEST_SKIP() << "no disk can be mounted here: " << outcome.err;
    EXPECT_NE(outcome.out.find("exit 1\n"), std::string::npos) << outcome.out << outcome.err;
    EXPECT_NE(outcome.out.find("disk/run\n"), std::string::npos) << "the results are printed";
    EXPECT_NE(outcome.err.find("warning: history.jsonl is given up"), std::string::npos)
        << outcome.err;
    EXPECT_NE(outcome.err.find("disk/run is not complete"), std::string::npos) << outcome.err;
    EXPECT_TRUE(fs::exists(tool.scratch() / "kept" / "run" / "model.safetensors"));
    EXPECT_TRUE(fs::exists(tool.scratch() / "kept" / "run" / "summary.json"));
    EXPECT_EQ(tool({"evaluate", "kept/run", "-q"}).status, 0);
    fs::remove(tool.scratch() / "disk");
  }
}

TEST(Places, ALimitOnTheSizeOfFilesCostsTheHistoriesAndNotTheModel) {
  const Tool tool;
  const Outcome outcome =
      Process(tool.scratch().path(),
              {"/bin/bash", "-c",
               "ulimit -f 300; exec " + std::string(FALLLINE_TOOL) + " train " + tool.tiny_set() +
                   " --epochs 2000 --lr 0.001 -b 100 -q -o run"})
          .wait();
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  EXPECT_EQ(tool({"evaluate", "run", "-q"}).status, 0);
  const json summary = json::parse(content(tool.scratch() / "run" / "summary.json"));
  EXPECT_EQ(summary["epochs"], 2000);
  EXPECT_EQ(summary["missing"].size(), 2U) << summary["missing"];
  EXPECT_EQ(tool({"smooth", "run", "-q"}).status, 0) << "what there is of the history is read";
}

}  // namespace
}  // namespace fallline::test

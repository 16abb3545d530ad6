#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tool.hpp"

namespace fallline::test {
namespace {

namespace fs = std::filesystem;

/// `fallline WORDS` by a shell, with what follows it: redirections. Its exit status goes through a
/// file, as after a pipe the shell has another.
Outcome shell(const Tool& tool, const std::string& words, const std::string& redirections) {
  const std::string command = std::string(FALLLINE_TOOL) + " " + words;
  Outcome outcome =
      Process(tool.scratch().path(),
              {"/bin/sh", "-c", "{ " + command + "; echo $? >&9; } 9>status " + redirections})
          .wait();
  outcome.status = std::stoi("0" + content(tool.scratch() / "status"));
  return outcome;
}

/// Every command that tells something.
const std::vector<std::string>& telling() {
  static const std::vector<std::string> all{
      "train tiny --epochs 2 -o train",
      "search all tiny --tries 3 -o search",
      "evaluate run",
      "predict run",
      "gradcheck tiny --coordinates 20",
      "data info tiny",
      "data convert tiny converted --to idx",
      "smooth run",
      "sweep lr tiny --trial-epochs 1 --from 1e-4 --to 1e-2",
      "sweep batch-size 16,64 tiny --epochs 1",
      "sweep gradient-noise tiny --largest 4 --draws 2 --copies 0",
      "sweep train tiny --epochs 1 --lr 0.001,0.01",
      "landscape run --points 3 --check 0",
      "paths tiny --batch-steps 2 --epochs 1 --points 3 --runs batch",
      "bench --what epoch --examples 200 --repeats 1"};
  return all;
}

class Streams : public testing::Test {
 protected:
  void SetUp() override {
    (void)tool.tiny_set();
    ASSERT_EQ(tool({"train", "tiny", "--epochs", "2", "-q", "-o", "run"}).status, 0);
  }
  Tool tool;
};

TEST_F(Streams, ThatNobodyListensToTheNarrationEndsNoCommand) {
  for (const char* deaf : {"2>&-", "2>/dev/full", "2>&1 >/dev/null | true"}) {
    for (const std::string& words : telling()) {
      EXPECT_EQ(shell(tool, words, deaf).status, 0) << words << ' ' << deaf;
      for (const char* made : {"train", "search", "converted"})
        fs::remove_all(tool.scratch() / made);
    }
  }
}

TEST_F(Streams, NoFileOfOursTakesThePlaceOfAClosedStream) {
  // At a rate as high as this the cost rises, which is a warning that -q does not silence.
  const std::string words = "train tiny -b full --lr 0.1 --epochs 5 -q -o ";
  const Outcome open = shell(tool, words + "open", "");
  ASSERT_NE(open.err.find("warning"), std::string::npos);
  EXPECT_EQ(shell(tool, words + "closed", "0<&- >/dev/null 2>&-").status, open.status);
  EXPECT_EQ(content(tool.scratch() / "closed" / "history.jsonl"),
            content(tool.scratch() / "open" / "history.jsonl"));
  for (const char* file : {"run.toml", "model.safetensors"})
    EXPECT_EQ(content(tool.scratch() / "closed" / file), content(tool.scratch() / "open" / file));
}

TEST_F(Streams, ResultsThatNobodyTakesAreSavedFirstAndEndWithOne) {
  for (const char* full : {">&-", ">/dev/full"}) {
    for (const std::string& words : telling()) {
      const Outcome outcome = shell(tool, words + " -q", full);
      EXPECT_EQ(outcome.status, 1) << words << ' ' << full;
      EXPECT_NE(outcome.err.find("the results could not be written to standard output"),
                std::string::npos)
          << words << outcome.err;
    }
    EXPECT_TRUE(fs::exists(tool.scratch() / "train" / "summary.json"));
    EXPECT_TRUE(fs::exists(tool.scratch() / "search" / "local" / "summary.json"));
    EXPECT_TRUE(fs::exists(tool.scratch() / "converted" / "class_names.txt"));
    for (const char* made : {"train", "search", "converted"}) fs::remove_all(tool.scratch() / made);
    for (const char* words : {"--help", "--version", "train --help", "optimizers", "schedules"})
      EXPECT_EQ(shell(tool, words, full).status, 1) << words << ' ' << full;
  }
}

TEST_F(Streams, ResultsGoEveryWayThatIsLeft) {
  const auto scratch = tool.scratch().path();
  const std::string sweep = "sweep lr tiny --trial-epochs 0 --from 1e-4 --to 1e-2 -q ";
  EXPECT_EQ(shell(tool, sweep + "--output a.json --plot a.svg", ">/dev/full").status, 1);
  EXPECT_TRUE(fs::exists(scratch / "a.json") && fs::exists(scratch / "a.svg"));
  // What is created may still not grow.
  const Outcome outcome =
      Process(scratch, {"/bin/bash", "-c",
                        "set -o pipefail; (ulimit -f 0; exec " + std::string(FALLLINE_TOOL) + " " +
                            sweep + "--format json --output b.json --plot b.svg) | cat"})
          .wait();
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.out.find("\"sweep-lr\""), std::string::npos) << outcome.out;
  EXPECT_FALSE(fs::exists(scratch / "b.json") || fs::exists(scratch / "b.svg"));
}

}  // namespace
}  // namespace fallline::test

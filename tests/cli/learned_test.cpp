#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "tool.hpp"

namespace fallline::test {
namespace {

using nlohmann::json;

/// Rows of a table with the columns `header`, drawn so that each column means something else.
std::string rows(const std::vector<std::string>& header, std::size_t n, bool named = true) {
  std::string text;
  const auto add_row = [&text, &header](const auto& cell) {
    for (std::size_t k = 0; k < header.size(); ++k) text += (k == 0 ? "" : ",") + cell(header[k]);
    text += '\n';
  };
  if (named) add_row([](const std::string& name) { return name; });
  for (std::size_t i = 0; i < n; ++i)
    add_row([i](const std::string& name) -> std::string {
      const auto x = static_cast<double>(i * 37 % 101);
      if (name == "a") return std::to_string(x / 10);
      if (name == "b") return std::to_string(100 - x + static_cast<double>(i % 7));
      if (name == "c") return std::to_string(static_cast<double>(i * 13 % 29) * 50);
      if (name == "species") return i * 37 % 101 < 40 ? "low" : "high";
      return "text " + std::to_string(i);  // what no feature could be
    });
  return text;
}

std::string sparse_rows(std::size_t n, std::size_t base, std::size_t first, std::size_t last) {
  std::string text;
  for (std::size_t i = 0; i < n; ++i) {
    text += i % 3 == 0 ? "+1" : "-1";
    for (std::size_t d = first; d <= last; ++d)
      if ((i * 7 + d * 5) % 4 != 0 || d == last)
        text += " " + std::to_string(d + base) + ":" +
                std::to_string(0.1 * static_cast<double>((i * 3 + d * d) % 17 +
                                                         (i % 3 == 0 && d == 1 ? 9 : 0)));
    text += '\n';
  }
  return text;
}

/// A command in which data meet a model.
struct CommandDoor {
  const char* name;
  std::function<std::vector<std::string>(const std::string& data)> words;
  bool labels = true;  ///< it needs them
};

const std::vector<CommandDoor> command_doors{
    {"evaluate",
     [](const std::string& data) {
       return std::vector<std::string>{"evaluate", "run", data, "--format", "json"};
     }},
    {"evaluate --certificate",
     [](const std::string& data) {
       return std::vector<std::string>{"evaluate", "run", data, "--certificate", "--format", "csv"};
     }},
    {"predict",
     [](const std::string& data) {
       return std::vector<std::string>{"predict", "run", data, "--format", "csv"};
     },
     false},
    {"landscape",
     [](const std::string& data) {
       return std::vector<std::string>{"landscape", "run",      data, "--points",
                                       "3",         "--format", "csv"};
     }},
    {"sweep lr --start",
     [](const std::string& data) {
       return std::vector<std::string>{"sweep", "lr",           data, "--start",
                                       "run",   "--test-share", "0",  "--validation-share",
                                       "0",     "--format",     "csv"};
     }},
};

class LearnedColumns : public testing::Test {
 protected:
  void train_on(const std::string& text, const std::string& file) {
    (void)tool.scratch().file(file, text);
    const Outcome outcome = tool({"train", file, "-o", "run", "-q", "--test-share", "0",
                                  "--validation-share", "0", "--l2", "0.01", "--epochs", "30"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
  }

  Outcome through(const CommandDoor& door, const std::string& text, const std::string& file,
                  std::vector<std::string> more = {}) const {
    (void)tool.scratch().file(file, text);
    std::vector<std::string> words = door.words(file);
    words.insert(words.end(), more.begin(), more.end());
    return tool(words);
  }

  void same_through_every_door(const std::string& original, const std::string& other,
                               const std::string& ending, bool labelled = true) const {
    for (const CommandDoor& door : command_doors) {
      if (!labelled && door.labels) continue;
      const Outcome wanted = through(door, original, "original" + ending);
      const Outcome found = through(door, other, "other" + ending);
      EXPECT_EQ(wanted.status, 0) << door.name << wanted.err;
      EXPECT_EQ(found.status, 0) << door.name << found.err;
      EXPECT_EQ(found.out, wanted.out) << door.name;
    }
  }

  void refused_through_every_door(const std::string& text, const std::string& ending,
                                  const std::string& word) const {
    for (const CommandDoor& door : command_doors) {
      const Outcome outcome = through(door, text, "refused" + ending);
      EXPECT_EQ(outcome.status, 3) << door.name << outcome.out;
      EXPECT_NE(outcome.err.find(word), std::string::npos) << door.name << outcome.err;
    }
  }

  Tool tool;
};

TEST_F(LearnedColumns, StandInAnyOrderWithTheLabelAnywhere) {
  const std::string original = rows({"a", "b", "c", "species"}, 60);
  train_on(original, "train.csv");
  same_through_every_door(original, rows({"c", "a", "b", "species"}, 60), ".csv");
  same_through_every_door(original, rows({"species", "b", "a", "c"}, 60), ".csv");
  same_through_every_door(original, rows({"a", "species", "b", "c"}, 60), ".csv");
}

TEST_F(LearnedColumns, AreFoundAmongOthersThatAreNoNumbers) {
  const std::string original = rows({"a", "b", "c", "species"}, 60);
  train_on(original, "train.csv");
  const std::string other = rows({"name", "a", "b", "remark", "c", "species"}, 60);
  same_through_every_door(original, other, ".csv");
  const Outcome outcome = through(command_doors[0], other, "other.csv");
  EXPECT_NE(outcome.err.find("'name', 'remark' are not among"), std::string::npos) << outcome.err;
}

TEST_F(LearnedColumns, ThatAreMissingAreNamed) {
  train_on(rows({"a", "b", "c", "species"}, 60), "train.csv");
  refused_through_every_door(rows({"a", "c", "species"}, 60), ".csv", "no column 'b'");
  refused_through_every_door(rows({"x", "y", "c", "species"}, 60), ".csv", "no column 'a', 'b'");
}

TEST_F(LearnedColumns, NeedNoLabelsToBePredicted) {
  const std::string original = rows({"a", "b", "c", "species"}, 60);
  train_on(original, "train.csv");
  same_through_every_door(original, rows({"a", "b", "c"}, 60), ".csv", false);
  same_through_every_door(original, rows({"c", "b", "a"}, 60), ".csv", false);
  same_through_every_door(original, rows({"a", "b", "c"}, 60, false), ".csv", false);
  const Outcome outcome = through(command_doors[0], rows({"a", "b", "c"}, 60), "bare.csv");
  EXPECT_EQ(outcome.status, 3);
  EXPECT_NE(outcome.err.find("no labels"), std::string::npos) << outcome.err;
}

TEST_F(LearnedColumns, WithoutNamesAreTakenByTheirPlaces) {
  const std::string original = rows({"species", "a", "b", "c"}, 60, false);
  (void)tool.scratch().file("train.csv", original);
  ASSERT_EQ(tool({"train", "train.csv", "--label-column", "first", "-o", "run", "-q", "--l2",
                  "0.01", "--test-share", "0", "--validation-share", "0"})
                .status,
            0);
  same_through_every_door(original, original, ".csv");
  same_through_every_door(original, rows({"a", "b", "c"}, 60, false), ".csv", false);
  refused_through_every_door(rows({"species", "a", "b"}, 60, false), ".csv", "");
  refused_through_every_door(rows({"species", "a", "b", "c", "c", "c"}, 60, false), ".csv",
                             "6 columns");
}

TEST_F(LearnedColumns, OfATestPartAreThoseOfTheTrainingPart) {
  (void)tool.scratch().file("train.csv", rows({"a", "b", "c", "species"}, 60));
  (void)tool.scratch().file("same.csv", rows({"a", "b", "c", "species"}, 40));
  (void)tool.scratch().file("moved.csv", rows({"species", "c", "note", "b", "a"}, 40));
  (void)tool.scratch().file("renamed.csv", rows({"u", "b", "c", "species"}, 40));
  (void)tool.scratch().file("bare.csv", rows({"a", "b", "c"}, 40));
  (void)tool.scratch().file("pair/set.train.csv", rows({"a", "b", "c", "species"}, 60));
  (void)tool.scratch().file("pair/set.test.csv", rows({"species", "c", "note", "b", "a"}, 40));
  const json same = tool.train({"train.csv", "--test", "same.csv", "-o", "r1"});
  const json moved = tool.train({"train.csv", "--test", "moved.csv", "-o", "r2"});
  const json pair = tool.train({"pair", "-o", "r3"});
  ASSERT_TRUE(same.is_object() && moved.is_object() && pair.is_object());
  EXPECT_EQ(moved["test"], same["test"]);
  EXPECT_EQ(pair["test"], same["test"]);
  EXPECT_EQ(moved["weights_hash"], same["weights_hash"]);
  for (const std::string bad : {"renamed.csv", "bare.csv"}) {
    const Outcome outcome = tool({"train", "train.csv", "--test", bad, "-o", "r4"});
    EXPECT_EQ(outcome.status, 3) << bad << outcome.err;
    EXPECT_FALSE(std::filesystem::exists(tool.scratch() / "r4/model.safetensors")) << bad;
  }
}

TEST_F(LearnedColumns, OfARunAreThoseOfItsOwnData) {
  train_on(rows({"a", "b", "c", "species"}, 60), "train.csv");
  EXPECT_EQ(tool({"evaluate", "run", "-q"}).status, 0);
  // The file was written anew, with its columns in another order.
  const Outcome before = tool({"evaluate", "run", "--format", "json", "-q"});
  (void)tool.scratch().file("train.csv", rows({"c", "species", "b", "a"}, 60));
  const Outcome after = tool({"evaluate", "run", "--format", "json", "-q"});
  EXPECT_EQ(before.out, after.out);
}

TEST_F(LearnedColumns, OfSparseFilesHaveTheIndexBaseOfTraining) {
  const std::string original = sparse_rows(90, 0, 0, 5);
  train_on(original, "train.svm");
  // Neither mentions feature 0; the second not the last one either.
  const std::string late = sparse_rows(60, 0, 1, 5);
  const std::string narrow = sparse_rows(60, 0, 1, 4);
  for (const std::string& text : {late, narrow}) {
    for (const CommandDoor& door : command_doors) {
      const Outcome guessed = through(door, text, "new.svm");
      const Outcome told = through(door, text, "new.svm", {"--index-base", "0"});
      EXPECT_EQ(guessed.status, 0) << door.name << guessed.err;
      EXPECT_EQ(guessed.out, told.out) << door.name;
    }
  }
  // From 1 up to one more than the last index fits both bases.
  const std::string from_one = sparse_rows(60, 1, 0, 5);
  refused_through_every_door(from_one, ".svm", "count from 0");
  for (const CommandDoor& door : command_doors)
    EXPECT_EQ(through(door, from_one, "new.svm", {"--index-base", "1"}).out,
              through(door, sparse_rows(60, 0, 0, 5), "new.svm").out)
        << door.name;
}

TEST_F(LearnedColumns, OfSparseFilesBehindTheLastAreLeftOutAndSaid) {
  train_on(sparse_rows(90, 1, 0, 5), "train.svm");
  const std::string wider = sparse_rows(60, 1, 0, 8);
  for (const CommandDoor& door : command_doors) {
    const Outcome outcome = through(door, wider, "wider.svm");
    EXPECT_EQ(outcome.status, 0) << door.name << outcome.err;
    EXPECT_NE(outcome.err.find("behind the model's 6 features"), std::string::npos)
        << door.name << outcome.err;
  }
  refused_through_every_door(sparse_rows(60, 0, 0, 5), ".svm", "index 0");
}

TEST_F(LearnedColumns, OfSparseTestPartsAgreeOnTheirBase) {
  (void)tool.scratch().file("train.svm", sparse_rows(90, 0, 1, 5));
  (void)tool.scratch().file("test.svm", sparse_rows(60, 0, 0, 6));
  const json guessed = tool.train({"train.svm", "--test", "test.svm", "-o", "r1"});
  const json told = tool.train(
      {"train.svm", "--test", "test.svm", "-o", "r2", "--index-base", "0", "--features", "7"});
  ASSERT_TRUE(guessed.is_object() && told.is_object());
  EXPECT_EQ(guessed["test"], told["test"]);
  EXPECT_EQ(guessed["weights_hash"], told["weights_hash"]);
}

TEST_F(LearnedColumns, OfSparsePartsThatMayNotCountAlikeAreRefused) {
  (void)tool.scratch().file("zero.svm", sparse_rows(60, 0, 0, 5));
  (void)tool.scratch().file("one.svm", sparse_rows(60, 1, 0, 5));
  (void)tool.scratch().file("pair/set.train.svm", sparse_rows(60, 0, 0, 5));
  (void)tool.scratch().file("pair/set.test.svm", sparse_rows(60, 1, 0, 5));
  const std::vector<std::vector<std::string>> commands{
      {"train", "zero.svm", "--test", "one.svm", "-o", "r"},
      {"train", "one.svm", "--test", "zero.svm", "-o", "r"},
      {"train", "pair", "-o", "r"},
      {"search", "random", "zero.svm", "--test", "one.svm", "-o", "r"},
      {"sweep", "train", "zero.svm", "--test", "one.svm", "--lr", "0.1"}};
  for (const auto& words : commands) {
    const Outcome outcome = tool(words);
    EXPECT_EQ(outcome.status, 3) << words[1] << outcome.out;
    EXPECT_NE(outcome.err.find("has indices up to 6 and none that is 0"), std::string::npos)
        << outcome.err;
  }
}

TEST_F(LearnedColumns, WhatWasPutRightIsSaidOnce) {
  (void)tool.scratch().file("train.csv", rows({"a", "b", "c", "species"}, 60));
  (void)tool.scratch().file("moved.csv", rows({"c", "b", "a", "species"}, 40));
  const std::string err = tool({"train", "train.csv", "--test", "moved.csv", "-o", "r"}).err;
  const std::size_t first = err.find("another order");
  ASSERT_NE(first, std::string::npos) << err;
  EXPECT_EQ(err.find("another order", first + 1), std::string::npos) << err;
}

/// Two columns of whole numbers up to 240, and two classes; divided by `scale`.
std::string pictures(int scale) {
  std::string text = "label,p,q\n";
  for (int i = 0; i < 60; ++i) {
    text += i % 2 == 0 ? "dark" : "light";
    for (const int x : {i % 2 * 120 + i, i * 4})
      text += "," + (scale == 1 ? std::to_string(x) : std::to_string(double(x) / scale));
    text += '\n';
  }
  return text;
}

TEST_F(LearnedColumns, ThatWereDividedBy255AreNotedByEveryCommand) {
  for (const auto& [learned, given] : {std::pair{1, 255}, std::pair{255, 1}}) {
    train_on(pictures(learned), "learned.csv");
    for (const CommandDoor& door : command_doors) {
      const Outcome outcome = through(door, pictures(given), "given.csv");
      EXPECT_NE(outcome.err.find("divided by 255"), std::string::npos)
          << door.name << " of a model of numbers divided by " << learned;
    }
    const Outcome outcome =
        tool({"train", "learned.csv", "--test", "given.csv", "--epochs", "1", "-o", "another"});
    EXPECT_NE(outcome.err.find("divided by 255"), std::string::npos) << outcome.err;
    for (const char* run : {"run", "another"}) fs::remove_all(tool.scratch() / run);
  }
}

TEST_F(LearnedColumns, OfAModelOf01AreFoundByTheirNames) {
  // Version 0.1 wrote no schema: a file with its key taken out stands for one.
  const std::string original = rows({"a", "b", "c", "species"}, 60);
  train_on(original, "train.csv");
  const auto file = tool.scratch() / "run/model.safetensors";
  std::string bytes = content(file);
  const std::size_t key = bytes.find("\"schema\"");
  ASSERT_NE(key, std::string::npos);
  bytes.replace(key, 8, "\"xchema\"");
  std::ofstream(file, std::ios::binary) << bytes;
  same_through_every_door(original, rows({"species", "c", "b", "a"}, 60), ".csv");
  same_through_every_door(original, rows({"b", "a", "c"}, 60), ".csv", false);
  refused_through_every_door(rows({"a", "c", "species"}, 60), ".csv", "no column 'b'");
}

}  // namespace
}  // namespace fallline::test

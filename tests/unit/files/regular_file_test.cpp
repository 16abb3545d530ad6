#include "files/regular_file.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fallline/data/open.hpp>
#include <fallline/data/series.hpp>
#include <fallline/error.hpp>
#include <fallline/model/model_file.hpp>
#include <fallline/schedule/replay.hpp>
#include <fallline/train/configuration.hpp>
#include <functional>

#include "files/line_reader.hpp"
#include "report/documents.hpp"
#include "report/history.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

namespace fs = std::filesystem;

/// A socket under a name, which nobody listens to.
void make_socket(const fs::path& path) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(descriptor);
}

/// Everything of the library that reads a file which somebody names.
const std::vector<std::pair<const char*, std::function<void(const fs::path&)>>> readers{
    {"configuration", [](const fs::path& p) { (void)read_configuration(p); }},
    {"model", [](const fs::path& p) { (void)load_model(p); }},
    {"data", [](const fs::path& p) { (void)open(p); }},
    {"series", [](const fs::path& p) { (void)read_series(p); }},
    {"replay", [](const fs::path& p) { (void)schedule::read_replay(p); }},
    {"document", [](const fs::path& p) { (void)report::read_document(p, 0); }},
    {"history", [](const fs::path& p) { (void)report::columns_of(p); }},
    {"small file", [](const fs::path& p) { (void)read_small_file(p, 1000, 0); }}};

TEST(RegularFile, WhatIsNoneIsRefusedByEveryReaderWithoutWaiting) {
  const test::Scratch scratch;
  ASSERT_EQ(::mkfifo((scratch / "pipe").c_str(), 0600), 0);
  make_socket(scratch / "socket");
  fs::create_symlink("nowhere", scratch / "dangling");
  fs::create_symlink("loop", scratch / "loop");
  for (const auto& [name, read] : readers)
    for (const fs::path& path : {scratch / "pipe", scratch / "socket", scratch / "dangling",
                                 scratch / "loop", fs::path("/dev/zero"), fs::path("/dev/null")}) {
      const Error error = test::refusal([&, &read = read] {
        read(path);
        return 0;
      });
      EXPECT_EQ(error.kind(), ErrorKind::bad_input) << name << ' ' << path << ' ' << error.what();
    }
}

TEST(RegularFile, ANameWithAZeroByteIsRefusedByEveryReader) {
  const test::Scratch scratch;
  const std::string file = scratch.file("file", "1,2,x\n3,4,y\n").string();
  const std::string directory = scratch.path().string();
  for (const auto& [name, read] : readers)
    for (const std::string& before : {file, directory}) {
      const Error error = test::refusal([&, &read = read] {
        read(before + std::string("\0.csv", 5));
        return 0;
      });
      EXPECT_EQ(error.kind(), ErrorKind::bad_input) << name;
      EXPECT_NE(std::string(error.what()).find("zero byte"), std::string::npos)
          << name << ' ' << error.what();
    }
}

TEST(RegularFile, ASmallFileIsReadWholeAndALongerOneRefused) {
  const test::Scratch scratch;
  const std::string bytes("a\0b\n\xFF", 5);
  EXPECT_EQ(read_small_file(scratch.file("five", bytes), 5, 0), bytes);
  EXPECT_EQ(read_small_file(scratch.file("none", ""), 5, 0), "");
  EXPECT_EQ(test::refusal([&] { return read_small_file(scratch / "five", 4, 0); }).kind(),
            ErrorKind::bad_input);
  EXPECT_EQ(test::refusal([&] { return read_small_file(scratch / "five", 5, 4); }).kind(),
            ErrorKind::not_enough_memory);
}

TEST(LineReader, GivesTheLinesWhateverTheirLengthAndTellsWhetherTheLastHasAnEnd) {
  const test::Scratch scratch;
  const std::string text = "a\n\n" + std::string(200'000, 'b') + "\r\nlast";
  LineReader lines(scratch.file("lines", text));
  std::string line;
  std::string again;
  while (lines.next(line)) again += line + (lines.ended() ? "\n" : "");
  EXPECT_EQ(again, text);
  EXPECT_EQ(lines.row(), 4U);
  EXPECT_FALSE(lines.ended());
  LineReader none(scratch.file("empty", ""));
  EXPECT_FALSE(none.next(line));
}

TEST(LineReader, ALineWithoutAnEndIsRefusedBeforeItFillsTheMemory) {
  const test::Scratch scratch;
  LineReader lines(scratch.file("long", "{}\n" + std::string(LineReader::most_bytes + 1, ' ')));
  std::string line;
  EXPECT_TRUE(lines.next(line));
  const Error error = test::refusal([&] { return lines.next(line); });
  EXPECT_EQ(error.where().row, 2U);
}

}  // namespace
}  // namespace fallline

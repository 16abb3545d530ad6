#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

/// The input as a file in memory, for what reads files alone.
inline std::filesystem::path input_file(const std::uint8_t* bytes, std::size_t size) {
  static const std::filesystem::path file =
      "/dev/shm/fallline-fuzz-input-" + std::to_string(::getpid());
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes), static_cast<std::streamsize>(size));
  return file;
}

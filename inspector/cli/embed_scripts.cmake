# Writes OUT, a C file with the texts of the completions in FOLDER. Texts are never lists here: CMake would split them.
function(c_string out file)
  file(READ "${file}" text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REPLACE "\n" "\\n\"\n     \"" text "${text}")
  set(${out} "\"${text}\"" PARENT_SCOPE)
endfunction()

c_string(bash "${FOLDER}/leash.bash")
c_string(zsh "${FOLDER}/_leash")
c_string(fish "${FOLDER}/leash.fish")
file(WRITE "${OUT}" "/* Made by embed_scripts.cmake. */
#include \"scripts.h\"

const struct script scripts[] = {
    {\"bash\",
     ${bash}},
    {\"zsh\",
     ${zsh}},
    {\"fish\",
     ${fish}},
    {0},
};
")

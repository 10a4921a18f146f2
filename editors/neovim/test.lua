-- Neovim itself, without a screen, as a client of `portcullis lsp`. The program is PORTCULLIS, else the one on PATH.
--
-- usage: nvim --headless --clean --cmd 'luafile editors/neovim/test.lua'
--
-- Needs Neovim 0.7, the oldest that distributions still have.

local FOUND = { 'services:', '  web:', '    image: nginx:latest' }
local PINNED = { 'services:', '  web:', '    image: nginx:1.29.1' }
local PATIENCE = 30000

local function write(path, lines)
  vim.fn.mkdir(vim.fn.fnamemodify(path, ':h'), 'p')
  vim.fn.writefile(lines, path)
end

local function wait_for(what, happened)
  assert(vim.wait(PATIENCE, happened, 10), what .. ' did not happen within ' .. PATIENCE / 1000 .. ' s')
end

local function run()
  local root = vim.fn.resolve(vim.fn.tempname())
  vim.fn.mkdir(root .. '/.git', 'p')
  write(root .. '/compose.yaml', FOUND)
  vim.cmd('edit ' .. vim.fn.fnameescape(root .. '/compose.yaml'))
  local buffer = vim.api.nvim_get_current_buf()

  local ended
  local client = assert(vim.lsp.start_client({
    name = 'portcullis',
    cmd = { vim.env.PORTCULLIS or 'portcullis', 'lsp' },
    root_dir = root,
    workspace_folders = { { name = 'root', uri = vim.uri_from_fname(root) } },
    on_exit = function(code)
      ended = code
    end,
  }))
  vim.lsp.buf_attach_client(buffer, client)

  local function findings()
    return vim.diagnostic.get(buffer)
  end
  wait_for('a finding on opening', function()
    return #findings() > 0
  end)
  local first = findings()[1]
  assert(first.lnum == 2, 'the finding is at line ' .. first.lnum + 1 .. ', not at the image')
  assert(first.source == 'portcullis', 'the finding is of ' .. tostring(first.source))
  assert(first.code == 'image/latest-tag', 'the finding is ' .. tostring(first.code))

  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, PINNED)
  wait_for('the end of the finding once the text is mended', function()
    return #findings() == 0
  end)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, FOUND)
  wait_for('the finding once the fault is back', function()
    return #findings() > 0
  end)

  local document = vim.lsp.util.make_text_document_params(buffer)
  local place = { textDocument = document, position = { line = 2, character = first.col } }
  local hover = assert(vim.lsp.buf_request_sync(buffer, 'textDocument/hover', place, PATIENCE))
  local shown = vim.inspect(hover)
  assert(shown:find('image/latest-tag', 1, true), 'the card is not shown: ' .. shown)

  vim.lsp.stop_client(client)
  wait_for('the end of the server', function()
    return ended ~= nil
  end)
  assert(ended == 0, 'the server ended with ' .. tostring(ended))
end

local passed, failure = pcall(run)
if passed then
  io.stdout:write('Neovim shows, refreshes and explains findings\n')
  vim.cmd('qall!')
else
  io.stderr:write(tostring(failure) .. '\n')
  vim.cmd('cquit 1')
end

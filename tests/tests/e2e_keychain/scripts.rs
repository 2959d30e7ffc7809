//! What is asked of the daemon in Python, as no command does it.

/// Does with the master password what needs no prompt.
pub const MASTER: &str = r"
import dbus, sys
act, what, password = sys.argv[1:4]
bus = dbus.SessionBus()
service = bus.get_object('org.freedesktop.secrets', '/org/freedesktop/secrets')
_, session = dbus.Interface(service, 'org.freedesktop.Secret.Service').OpenSession('plain', dbus.String('', variant_level=1))
secret = dbus.Struct((session, dbus.ByteArray(b''), dbus.ByteArray(password.encode()), 'text/plain'), signature='oayays')
direct = dbus.Interface(service, 'org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface')
if act == 'unlock':
    direct.UnlockWithMasterPassword(dbus.ObjectPath(what), secret)
else:
    label = dbus.Dictionary({'org.freedesktop.Secret.Collection.Label': what}, signature='sv')
    print(direct.CreateWithMasterPassword(label, secret))
";

/// Answers every prompt with the password, encrypted as the daemon asks for it (`sx-aes-1` of gcr).
pub const PROMPTER: &str = r#"
import base64, dbus, dbus.mainloop.glib, dbus.service, hashlib, hmac, os, subprocess, sys
from gi.repository import GLib
P = int('FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD'
        'EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED'
        'EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F'
        '83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA237327FFFFFFFFFFFFFFFF', 16)
OURS = int.from_bytes(os.urandom(128), 'big')
CALLBACK = 'org.gnome.keyring.internal.Prompter.Callback'
b64 = lambda raw: base64.b64encode(raw).decode()
PUBLIC = '[sx-aes-1]\npublic=' + b64(pow(2, OURS, P).to_bytes(192, 'big')) + '\n'

def encrypted(password, exchange):
    theirs = next(line[7:] for line in exchange.splitlines() if line.startswith('public='))
    shared = pow(int.from_bytes(base64.b64decode(theirs), 'big'), OURS, P)
    # Libgcr derives the key from the number without its leading zeros; one in 256 has some.
    shared = shared.to_bytes((shared.bit_length() + 7) // 8, 'big')
    prk = hmac.new(bytes(32), shared, hashlib.sha256).digest()
    key, iv = hmac.new(prk, b'\x01', hashlib.sha256).digest()[:16], os.urandom(16)
    command = ['openssl', 'enc', '-aes-128-cbc', '-K', key.hex(), '-iv', iv.hex()]
    secret = subprocess.run(command, input=password.encode(), stdout=subprocess.PIPE, check=True).stdout
    return PUBLIC + 'secret=' + b64(secret) + '\niv=' + b64(iv) + '\n'

class Prompter(dbus.service.Object):
    def reply(self, sender, callback, method, *arguments):
        to = dbus.Interface(bus.get_object(sender, callback, introspect=False), CALLBACK)
        to.get_dbus_method(method)(*arguments, reply_handler=lambda *_: None, error_handler=print)
    def ready(self, sender, callback, word, exchange):
        self.reply(sender, callback, 'PromptReady', word, dbus.Dictionary({}, signature='sv'), exchange)
    @dbus.service.method('org.gnome.keyring.internal.Prompter', in_signature='o', sender_keyword='sender')
    def BeginPrompting(self, callback, sender):
        GLib.idle_add(self.ready, sender, callback, '', PUBLIC)
    @dbus.service.method('org.gnome.keyring.internal.Prompter', in_signature='osa{sv}s', sender_keyword='sender')
    def PerformPrompt(self, callback, kind, properties, exchange, sender):
        open(sys.argv[2], 'a').write(kind + '\n')
        GLib.idle_add(self.ready, sender, callback, 'yes', encrypted(sys.argv[1], exchange))
    @dbus.service.method('org.gnome.keyring.internal.Prompter', in_signature='o', sender_keyword='sender')
    def StopPrompting(self, callback, sender):
        GLib.idle_add(self.reply, sender, callback, 'PromptDone')

dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
prompter = Prompter(bus, '/org/gnome/keyring/Prompter')
name = dbus.service.BusName('org.gnome.keyring.SystemPrompter', bus)
GLib.MainLoop().run()
"#;
